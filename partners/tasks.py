"""What the sweep calls."""

from partners.operations import erasure


def sweep_retention() -> None:
    erasure.sweep()

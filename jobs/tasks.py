"""What the sweep calls."""

from jobs import operations


def run_due() -> None:
    operations.run_due()

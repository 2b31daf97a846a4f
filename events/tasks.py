"""What the sweep calls."""

from events.operations import retention


def forget_tonight() -> None:
    retention.forget_tonight()

"""What the sweep calls."""

from outbox.operations import sending


def send_due() -> None:
    sending.send_due()

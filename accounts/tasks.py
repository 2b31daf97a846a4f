"""What the sweep calls."""

from accounts.operations import jurisdictions, sessions


def clear_sessions() -> None:
    sessions.clear_expired()


def move_due() -> None:
    jurisdictions.move_due()

"""What the sweep calls."""

from accounts.operations import sessions


def clear_sessions() -> None:
    sessions.clear_expired()

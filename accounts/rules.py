"""Who may do what with the office's own data."""

from __future__ import annotations

from typing import Any


def can_manage_reference(user: Any) -> bool:
    """Texts, channels and calendars hold for the whole site: for administrators of a police unit with none above."""
    return user.keeps_reference()

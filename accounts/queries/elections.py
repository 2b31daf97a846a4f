"""Election calendars."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import Election


def elections_manageable_by(user: Any) -> QuerySet[Election]:
    """All, for administrators of the whole site; to everybody else none. The newest vote first."""
    if not user.keeps_reference():
        return Election.objects.none()
    return Election.objects.select_related("region").order_by("-voting_on", "code")

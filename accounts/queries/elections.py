"""Election calendars."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import Election
from accounts.rules import can_manage_reference


def elections_manageable_by(user: Any) -> QuerySet[Election]:
    """All, for administrators of the whole site; to everybody else none. The newest vote first."""
    if not can_manage_reference(user):
        return Election.objects.none()
    return Election.objects.select_related("region").order_by("-voting_on", "code")

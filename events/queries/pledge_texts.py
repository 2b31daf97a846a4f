"""Versions of the joint commitment."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.rules import can_manage_reference
from events.models import PledgeText


def newest_pledge_text() -> PledgeText | None:
    """The text offered to a new event; None until one is loaded."""
    return PledgeText.objects.order_by("-created_at", "-pk").first()


def pledge_texts_manageable_by(user: Any) -> QuerySet[PledgeText]:
    """All, with their points, for administrators of the whole site; to everybody else none. The newest first."""
    if not can_manage_reference(user):
        return PledgeText.objects.none()
    return PledgeText.objects.prefetch_related("points").order_by("-created_at", "-pk")

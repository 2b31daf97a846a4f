"""Official public channels for harmful content."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.rules import can_manage_reference
from portal.models import ReportChannel


def channels_shown() -> QuerySet[ReportChannel]:
    """Those shown on the public page, in their order; the same for everyone."""
    return ReportChannel.objects.filter(is_active=True).order_by("order", "code")


def channels_manageable_by(user: Any) -> QuerySet[ReportChannel]:
    """All, for administrators of the whole site; to everybody else none."""
    if not can_manage_reference(user):
        return ReportChannel.objects.none()
    return ReportChannel.objects.order_by("-is_active", "order", "code")

"""Versions of the joint commitment."""

from __future__ import annotations

from events.models import PledgeText


def newest_pledge_text() -> PledgeText | None:
    """The text offered to a new event; None until one is loaded."""
    return PledgeText.objects.order_by("-created_at", "-pk").first()

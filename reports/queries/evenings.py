"""Sums over the events that were held; no name in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from events.choices import GUEST_KINDS, HELD_STATES
from events.queries.events import events_visible_to

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class HeldFigures:
    events: int
    guests: int
    pledges: int


def held_figures(user: Any, *, since: datetime | None = None) -> HeldFigures:
    """Events held in the last year, the guests who came to them, and the pledges that stand. Two queries."""
    since = since or timezone.now() - YEAR
    held = events_visible_to(user).filter(state__in=HELD_STATES, starts_at__gte=since).order_by()
    guests = Q(participants__attendance__isnull=False, participants__kind__in=GUEST_KINDS)
    counts = held.aggregate(
        events=Count("pk", distinct=True), guests=Count("participants", filter=guests, distinct=True)
    )
    standing = Q(participants__pledges__withdrawn_at__isnull=True, participants__pledges__isnull=False)
    pledges = held.aggregate(pledges=Count("participants__pledges", filter=standing))
    return HeldFigures(**counts, **pledges)

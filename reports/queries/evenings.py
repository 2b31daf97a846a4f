"""Sums over the events that were held; no name in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from events.choices import HELD_STATES
from events.queries.events import events_visible_to

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class HeldFigures:
    events: int
    guests: int
    pledges: int


def held_figures(user: Any, *, since: datetime | None = None) -> HeldFigures:
    """Events held in the last year, the guests who came to them, and the pledges that stand, as the sweep counted them.
    One query."""
    since = since or timezone.now() - YEAR
    held = events_visible_to(user).filter(state__in=HELD_STATES, starts_at__gte=since).order_by()
    return HeldFigures(
        **held.aggregate(
            events=Count("pk"),
            guests=Coalesce(Sum("tally__guests"), 0),
            pledges=Coalesce(Sum("tally__pledges"), 0),
        )
    )

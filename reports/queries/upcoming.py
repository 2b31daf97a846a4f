"""What is next: planned events with the state of their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Q, Sum, When, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from events.choices import PLANNED_STATES
from events.models import Event
from events.queries.events import events_visible_to
from ui.times import at_place

_PRINTED = (
    *("public_id", "title", "venue", "region__name", "state"),
    *("starts_at", "ends_at", "has_time", "part_of_day", "timezone"),
)


@dataclass(frozen=True)
class Upcoming:
    """An event ahead, or one whose day has passed and that nobody has marked as held.

    :ivar days: whole days until it by the calendar of its place; negative once it has passed, None without a date.
    """

    event: Event
    days: int | None
    invited: int
    awaiting: int

    @property
    def answered(self) -> int:
        return self.invited - self.awaiting


@dataclass(frozen=True)
class Ahead:
    """The next few events, and how many guests of all planned events have not answered yet."""

    shown: list[Upcoming]
    awaiting: int


def upcoming_events(user: Any, *, limit: int = 4, now: datetime | None = None) -> Ahead:
    """The next planned events, nearest first; then those without a date; then those left open after their day.

    Guests are counted by the sweep. One query, whatever the number of events.
    """
    now = now or timezone.now()
    passed = Q(starts_at__lt=now - timedelta(hours=18))
    rows = list(
        events_visible_to(user)
        .filter(state__in=PLANNED_STATES)
        .select_related("region")
        .only(*_PRINTED)
        .annotate(
            invited_count=Coalesce("tally__invited", 0),
            awaiting_count=Coalesce("tally__awaiting", 0),
            awaiting_in_all=Coalesce(Window(Sum("tally__awaiting")), 0),
            urgency=Case(When(starts_at__isnull=True, then=1), When(passed, then=2), default=0),
        )
        .order_by("urgency", "starts_at", "pk")[:limit]
    )
    shown = [
        Upcoming(event, _days_until(event, now), event.invited_count, event.awaiting_count) for event in rows
    ]
    return Ahead(shown, rows[0].awaiting_in_all if rows else 0)


def _days_until(event: Event, now: datetime) -> int | None:
    if event.starts_at is None:
        return None
    there = event.timezone
    return (at_place(event.starts_at, there).date() - at_place(now, there).date()).days

"""What is next: planned events with the state of their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Q, When
from django.utils import timezone

from events.choices import PLANNED_STATES, Answer
from events.models import Event, Invitation
from events.queries.events import events_visible_to
from ui.times import at_place


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


def upcoming_events(user: Any, *, limit: int = 4, now: datetime | None = None) -> list[Upcoming]:
    """The next planned events, nearest first; then those without a date; then those left open after their day.

    One query, whatever the number of events.
    """
    now = now or timezone.now()
    asked = Q(participants__invitation__isnull=False)
    passed = Q(starts_at__lt=now - timedelta(hours=18))
    rows = (
        events_visible_to(user)
        .filter(state__in=PLANNED_STATES)
        .select_related("region", "host_unit")
        .annotate(
            invited_count=Count("participants", filter=asked),
            awaiting_count=Count(
                "participants", filter=asked & Q(participants__invitation__answer=Answer.NONE)
            ),
            urgency=Case(When(starts_at__isnull=True, then=1), When(passed, then=2), default=0),
        )
        .order_by("urgency", "starts_at", "pk")[:limit]
    )
    return [
        Upcoming(event, _days_until(event, now), event.invited_count, event.awaiting_count) for event in rows
    ]


def _days_until(event: Event, now: datetime) -> int | None:
    if event.starts_at is None:
        return None
    there = event.timezone
    return (at_place(event.starts_at, there).date() - at_place(now, there).date()).days


def answers_awaited(user: Any) -> int:
    """How many guests of planned events have not answered yet."""
    return Invitation.objects.filter(
        answer=Answer.NONE,
        participant__event__in=events_visible_to(user).filter(state__in=PLANNED_STATES),
    ).count()

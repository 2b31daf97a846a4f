"""What the institution owes: open commitments (Janji kami), the overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Window
from django.utils import timezone

from accounts.queries.units import scope_of
from events.choices import CommitmentState
from events.models import Commitment
from events.queries.events import takes_part
from events.rules import can_change_commitment
from ui.times import at_place, days_by_place

_PRINTED = (
    *("public_id", "text", "due_on", "state", "owner_unit__short_name"),
    *("event__public_id", "event__title", "event__timezone", "event__host_unit_id"),
)


@dataclass(frozen=True)
class Duty:
    """An open commitment; ``days`` until it is due by the calendar of the event's place, negative when overdue.

    A unit may owe something for an event that it does not see: then the event is not named (``names_event``). Whoever
    may say that it was kept is led to the page for that (``may_finish``).
    """

    commitment: Commitment
    days: int
    names_event: bool
    may_finish: bool

    @property
    def is_overdue(self) -> bool:
        return self.days < 0

    @property
    def days_late(self) -> int:
        return -self.days


@dataclass(frozen=True)
class Duties:
    shown: list[Duty]
    total: int
    overdue: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.shown)


def open_duties(user: Any, *, limit: int = 6) -> Duties:
    """Open commitments of the units in reach, and of events that the officer sees. One query, which counts all of them
    and brings only those that are shown."""
    now = timezone.now()
    sees_events = takes_part(user, "event") if user.can("event.view") else Q(pk__in=[])
    rows = list(
        Commitment.objects.filter(state=CommitmentState.OPEN)
        .annotate(event_is_visible=ExpressionWrapper(sees_events, output_field=BooleanField()))
        .filter(Q(owner_unit__among=scope_of(user)) | Q(event_is_visible=True))
        .annotate(
            total=Window(Count("pk")),
            overdue=Window(Count("pk", filter=_is_overdue(now))),
        )
        .select_related("event", "owner_unit")
        .only(*_PRINTED)
        .order_by("due_on", "pk")[:limit]
    )
    duties = [
        Duty(
            row,
            (row.due_on - _today(now, row.event.timezone)).days,
            row.event_is_visible,
            can_change_commitment(user, row),
        )
        for row in rows
    ]
    return Duties(duties, rows[0].total if rows else 0, rows[0].overdue if rows else 0)


def _is_overdue(now: datetime) -> Q:
    """By the calendar of each event's place."""
    condition = Q(pk__in=[])
    for day, zones in days_by_place(now).items():
        condition |= Q(event__timezone__in=zones, due_on__lt=day)
    return condition


def _today(now: datetime, zone: str) -> date:
    return at_place(now, zone).date()

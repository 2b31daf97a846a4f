"""What the institution owes: open commitments (Janji kami), the overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.queries.units import scope_of
from events.choices import CommitmentState
from events.models import Commitment
from events.queries.events import events_visible_to
from events.rules import can_change_commitment
from ui.times import at_place


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
    """Open commitments of the units in reach, and of events that the officer sees. One query.

    They are few by nature (what one office promised and has not done), so they are counted where they are read.
    """
    visible = Exists(events_visible_to(user).filter(pk=OuterRef("event")))
    rows = (
        Commitment.objects.filter(state=CommitmentState.OPEN)
        .annotate(event_is_visible=visible)
        .filter(Q(owner_unit__in=scope_of(user)) | Q(event_is_visible=True))
        .select_related("event", "owner_unit")
        .order_by("due_on", "pk")
    )
    duties = [
        Duty(
            row,
            (row.due_on - _today_at(row)).days,
            row.event_is_visible,
            can_change_commitment(user, row),
        )
        for row in rows
    ]
    return Duties(duties[:limit], len(duties), sum(1 for duty in duties if duty.is_overdue))


def _today_at(commitment: Commitment) -> date:
    return at_place(timezone.now(), commitment.event.timezone).date()

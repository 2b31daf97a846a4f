"""What the units at an event answered, and the personnel they bring along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Unit
from events.choices import ParticipantKind
from events.models import Event, EventUnit, Participant


@dataclass(frozen=True)
class UnitRow:
    """One unit at an event: what it answered, how many it sends, how many are named and here.

    The host answers nothing: ``beside`` is None for it.
    """

    unit: Unit
    beside: EventUnit | None
    named: int
    present: int


def unit_rows(event: Event, beside: Iterable[EventUnit]) -> list[UnitRow]:
    """The host first, then those beside it, each with its personnel counted, in one query."""
    counts = {
        row["unit_id"]: (row["named"], row["present"])
        for row in Participant.objects.filter(event=event, kind=ParticipantKind.PERSONNEL)
        .order_by()
        .values("unit_id")
        .annotate(named=Count("pk"), present=Count("attendance"))
    }
    rows = [UnitRow(event.host_unit, None, *counts.get(event.host_unit_id, (0, 0)))]
    return rows + [UnitRow(row.unit, row, *counts.get(row.unit_id, (0, 0))) for row in beside]


def units_at(event: Event) -> QuerySet[Unit]:
    """The host and the units beside it."""
    beside = EventUnit.objects.filter(event=event).values("unit")
    return Unit.objects.filter(Q(pk=event.host_unit_id) | Q(pk__in=beside))


def is_taking_part(event: Event, unit: Unit) -> bool:
    return units_at(event).filter(pk=unit.pk).exists()


def personnel_of(event: Event, unit: Unit) -> QuerySet[Participant]:
    """The unit's personnel in the order of their names, with their attendance."""
    return (
        Participant.objects.filter(event=event, unit=unit, kind=ParticipantKind.PERSONNEL)
        .select_related("attendance")
        .order_by("search_key", "pk")
    )

"""The only door to programme rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.queries.units import scope_of
from events.choices import HELD_STATES, PLANNED_STATES
from events.models import Event, Program
from events.queries.events import events_visible_to
from regions.models import Region


def programs_visible_to(user: Any) -> QuerySet[Program]:
    """Programmes of the officer's unit and those below it, and any that holds an event they can see."""
    if not user.can("program.view"):
        return Program.objects.none()
    through = events_visible_to(user).filter(program__isnull=False).order_by().values("program")
    return Program.objects.filter(Q(unit__among=scope_of(user)) | Q(pk__in=through))


def with_stops(queryset: QuerySet[Program], events: QuerySet[Event]) -> QuerySet[Program]:
    """Unit and province at hand, and how many of ``events`` each programme holds (``stops``, ``held``)."""
    mine = events.filter(program=OuterRef("pk")).order_by().values("program")
    return queryset.select_related("unit", "region").annotate(
        stops=Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0),
        held=Coalesce(Subquery(mine.filter(state__in=HELD_STATES).annotate(n=Count("pk")).values("n")), 0),
    )


@dataclass(frozen=True)
class Reach:
    """How far a tour has come: regions that had their dialogue, that will have their first, and that have none."""

    total: int
    held: int
    planned: int

    @property
    def without(self) -> int:
        return self.total - self.held - self.planned


def reach_of(program: Program, user: Any) -> Reach | None:
    """By the regions below that of the programme; two queries.

    None for who sees only some of its stops, to whom a region of others would look like one without a dialogue, and for
    a programme whose region has none below it.
    """
    if program.unit_id not in scope_of(user):
        return None
    codes = set(Region.objects.filter(parent=program.region_id).values_list("pk", flat=True))
    if not codes:
        return None
    held, planned = set(), set()
    for code, state in events_visible_to(user).filter(program=program).values_list("region_id", "state"):
        # An event stands for its regency whether it names a district of it or not.
        inside = codes & {code, code.rpartition(".")[0]}
        if state in HELD_STATES:
            held |= inside
        elif state in PLANNED_STATES:
            planned |= inside
    return Reach(len(codes), len(held), len(planned - held))

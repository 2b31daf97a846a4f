"""The only door to programme rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.queries.units import scope_of
from events.choices import HELD_STATES
from events.models import Event, Program
from events.queries.events import events_visible_to


def programs_visible_to(user: Any) -> QuerySet[Program]:
    """Programmes of the officer's unit and those below it, and any that holds an event they can see."""
    if not user.can("program.view"):
        return Program.objects.none()
    through = events_visible_to(user).filter(program__isnull=False).order_by().values("program")
    return Program.objects.filter(Q(unit__in=scope_of(user)) | Q(pk__in=through))


def with_stops(queryset: QuerySet[Program], events: QuerySet[Event]) -> QuerySet[Program]:
    """Unit and province at hand, and how many of ``events`` each programme holds (``stops``, ``held``)."""
    mine = events.filter(program=OuterRef("pk")).order_by().values("program")
    return queryset.select_related("unit", "region").annotate(
        stops=Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0),
        held=Coalesce(Subquery(mine.filter(state__in=HELD_STATES).annotate(n=Count("pk")).values("n")), 0),
    )

"""The only door to event rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.queries.units import scope_of
from events.choices import PLANNED_STATES, EventState
from events.models import Event, EventUnit
from regions.models import Region

# An evening that began less than this long ago still stands among the coming ones.
STILL_ON = timedelta(hours=12)


def events_visible_to(user: Any) -> QuerySet[Event]:
    """Events whose host, co-host or invited unit is the officer's unit or one below it."""
    if not user.can("event.view"):
        return Event.objects.none()
    return Event.objects.filter(takes_part(user))


def takes_part(user: Any, event: str = "") -> Q:
    """The rule itself, for events and, named by their foreign key, for rows that belong to one.

    Asked of the row directly it needs no list of all events that are visible. Who may see events is asked before.
    """
    units = scope_of(user)
    beside = EventUnit.objects.filter(event=OuterRef(event or "pk"), unit__among=units)
    return Q(**{f"{event}__host_unit__among" if event else "host_unit__among": units}) | Q(Exists(beside))


def with_place(queryset: QuerySet[Event]) -> QuerySet[Event]:
    """Host, programme and region up to the province at hand, as every page prints them."""
    return queryset.select_related("host_unit", "program", "region__parent__parent")


def upcoming(queryset: QuerySet[Event], since: datetime) -> QuerySet[Event]:
    """What begins after ``since`` and still stands. Cancelled events are found among the past ones."""
    return queryset.filter(starts_at__gte=since).exclude(state=EventState.CANCELLED)


def next_of(events: Iterable[Event], since: datetime) -> Event | None:
    """Of events in the order of their date, the first planned one that begins after ``since``."""
    return next(
        (
            event
            for event in events
            if event.state in PLANNED_STATES and event.starts_at is not None and event.starts_at >= since
        ),
        None,
    )


def past(queryset: QuerySet[Event], since: datetime) -> QuerySet[Event]:
    """What began before ``since``, or was cancelled on a known date."""
    return queryset.filter(Q(starts_at__lt=since) | Q(starts_at__isnull=False, state=EventState.CANCELLED))


def without_date(queryset: QuerySet[Event]) -> QuerySet[Event]:
    """Drafts, and what was put off without a new date."""
    return queryset.filter(starts_at__isnull=True).order_by("-pk")


def regions_of(queryset: QuerySet[Event]) -> QuerySet[Region]:
    """The provinces and regencies in which these events take place, for a filter. Two queries."""
    codes = queryset.order_by().values_list("region_id", flat=True).distinct()
    wanted = {prefix for code in codes for prefix in (code[:2], code[:5])}
    return Region.objects.filter(code__in=wanted).order_by("code")

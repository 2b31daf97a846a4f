"""What an officer may have overlooked while planning. Hints, never refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Unit
from accounts.queries.units import unit_for
from events.choices import EventState, PartOfDay, RoleKind, UnitPart
from events.models import Event, EventRole, EventUnit
from events.queries.events import events_visible_to
from ui.times import at_place

FRIDAY = 4
PRAYER_FROM, PRAYER_TO = time(11, 30), time(13)
# How long "s.d. selesai" is taken to last here, so that 10.00 on a Friday is still worth a word.
OPEN_END_LASTS = timedelta(hours=2)


@dataclass(frozen=True)
class Hint:
    """``kind`` is outside (``unit`` polices the place), leader (``name`` leads ``other`` that day) or friday."""

    kind: str
    unit: Unit | None = None
    name: str = ""
    other: Event | None = None


def hints_for(user: Any, event: Event) -> list[Hint]:
    """At most three queries, beside the officer's scope. Other events are named only where this officer sees them."""
    if event.is_held or event.state == EventState.CANCELLED:
        return []
    return [*_outside(event), *_leaders_elsewhere(user, event), *_friday(event)]


def hints_for_plan(user: Any, values: dict[str, Any]) -> list[Hint]:
    """The same for an event that is being planned and is not stored yet; the officer's own unit stands for the host.

    :param values: region, starts_at, ends_at, has_time and part_of_day, as the steps before gave them.
    """
    if "region" not in values:
        return []
    when = {
        name: values[name] for name in ("starts_at", "ends_at", "has_time", "part_of_day") if name in values
    }
    region = values["region"]
    return hints_for(user, Event(host_unit=user.unit, region=region, timezone=region.timezone, **when))


def _outside(event: Event) -> Iterator[Hint]:
    """The unit that polices the place is neither the host, nor below it, nor a co-host."""
    day = at_place(event.starts_at or timezone.now(), event.timezone).date()
    unit = unit_for(event.region, day)
    if unit is None or unit.pk == event.host_unit_id:
        return
    host = event.host_unit_id
    # Of an event that is not stored yet nobody is a co-host.
    co_host = EventUnit.objects.filter(event=event.pk, unit=OuterRef("pk"), part=UnitPart.CO_HOST)
    below = Q(parent=host) | Q(parent__parent=host) | Q(parent__parent__parent=host)
    if not Unit.objects.filter(below | Exists(co_host), pk=unit.pk).exists():
        yield Hint("outside", unit=unit)


def _leaders_elsewhere(user: Any, event: Event) -> Iterator[Hint]:
    if event.starts_at is None or event.pk is None:
        return
    days = _days_of(event)
    near = Q(starts_at__lt=_midnight(days[1] + timedelta(days=3))) & (
        Q(starts_at__gte=_midnight(days[0] - timedelta(days=2)))
        | Q(ends_at__gte=_midnight(days[0] - timedelta(days=2)))
    )
    others = events_visible_to(user).filter(near).exclude(state=EventState.CANCELLED)
    roles = list(
        EventRole.objects.filter(Q(event=event) | Q(event__in=others), role=RoleKind.LEADER)
        .select_related("event")
        .order_by("event__starts_at", "pk")
    )
    mine = {normal_name(role.full_name): role for role in roles if role.event_id == event.pk}
    for role in roles:
        own = mine.get(normal_name(role.full_name))
        if own is None or role.event_id == event.pk:
            continue
        first, last = _days_of(role.event)
        if first <= days[1] and last >= days[0]:
            yield Hint("leader", name=own.formal_name, other=role.event)


def _friday(event: Event) -> Iterator[Hint]:
    """Start and end overlap 11.30–13.00 of a Friday, by the clock of the place."""
    if event.starts_at is None:
        return
    begin = at_place(event.starts_at, event.timezone)
    if not event.has_time:
        if begin.weekday() == FRIDAY and event.part_of_day == PartOfDay.NOON:
            yield Hint("friday")
        return
    end = at_place(event.ends_at or event.starts_at + OPEN_END_LASTS, event.timezone)
    first_friday = begin.date() + timedelta(days=(FRIDAY - begin.weekday()) % 7)
    zone = ZoneInfo(event.timezone)
    if (
        begin < datetime.combine(first_friday, PRAYER_TO, zone)
        and end > datetime.combine(first_friday, PRAYER_FROM, zone)
    ) or (begin.weekday() == FRIDAY and end.date() >= begin.date() + timedelta(days=7)):
        yield Hint("friday")


def normal_name(name: str) -> str:
    """The same name in any spelling of case, dots and spaces."""
    return " ".join("".join(mark if mark.isalnum() else " " for mark in name.casefold()).split())


def _days_of(event: Event) -> tuple[date, date]:
    assert event.starts_at is not None
    first = at_place(event.starts_at, event.timezone).date()
    return first, at_place(event.ends_at, event.timezone).date() if event.ends_at else first


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo("UTC"))

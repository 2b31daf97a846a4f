"""Events by day: what a calendar of a month or a week shows, by the clock of each place."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from events.models import Event
from events.queries.events import events_visible_to, with_place
from ui.times import at_place

# Between the westernmost zone of the country and the easternmost lies less than a day.
_ANY_ZONE = timedelta(days=1)
# An evening that ends past midnight still is of one day.
_PAST_MIDNIGHT = timedelta(hours=8)
# More than a whole country holds in a month; a page goes no further.
_MOST = 600


@dataclass
class Day:
    on: date
    is_inside: bool = True
    events: list[Event] = field(default_factory=list)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def days_of(user: Any, first: date, last: date) -> list[Day]:
    """Every day from ``first`` to ``last`` with the events in the officer's scope, in the order of their hour.

    One that lasts several days stands on each. One query, whatever they hold.
    """
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in _between(user, first, last):
        begins, ends = span_of(event)
        day = max(begins, first)
        while day <= min(ends, last):
            by_day[day].append(event)
            day += timedelta(days=1)
    length = (last - first).days + 1
    return [Day(on=day, events=by_day[day]) for day in (first + timedelta(days=n) for n in range(length))]


def span_of(event: Event) -> tuple[date, date]:
    """The first and the last day at the place."""
    assert event.starts_at is not None
    begins = at_place(event.starts_at, event.timezone).date()
    if event.ends_at is None or event.ends_at - event.starts_at <= _PAST_MIDNIGHT:
        return begins, begins
    return begins, at_place(event.ends_at, event.timezone).date()


def _between(user: Any, first: date, last: date) -> list[Event]:
    since = datetime.combine(first, time(), tzinfo=UTC) - _ANY_ZONE
    until = datetime.combine(last, time(), tzinfo=UTC) + 2 * _ANY_ZONE
    rows = with_place(events_visible_to(user)).filter(
        Q(starts_at__gte=since) | Q(ends_at__gte=since), starts_at__lt=until
    )
    return list(rows.order_by("starts_at", "pk")[:_MOST])

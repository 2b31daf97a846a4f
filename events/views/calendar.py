"""The calendar of one's own scope: a month, a week, or a month as a list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from events.queries.calendar import Day, days_of, month_of, week_of
from ui.times import at_place

MONTH, WEEK, LIST = "bulan", "minggu", "daftar"
_VIEWS = [(MONTH, gettext_lazy("Month")), (WEEK, gettext_lazy("Week")), (LIST, gettext_lazy("List"))]
# The same as of a date in a form: outside lie slips, and the ends of what a calendar can count.
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@requires("event.view")
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """An address that names no view or day shows this month."""
    user: Any = request.user
    today = at_place(timezone.now(), user.unit.timezone).date()
    asked = request.GET.get("tampilan", "")
    shown = asked if asked in {MONTH, WEEK, LIST} else MONTH
    day = _day(request.GET.get("tanggal", ""), today)
    first, last = week_of(day) if shown == WEEK else month_of(day)
    # A month is drawn in whole weeks; the days of its neighbours stand there too, in a lighter hand.
    days = (
        days_of(user, week_of(first)[0], week_of(last)[1]) if shown == MONTH else days_of(user, first, last)
    )
    for one in days:
        one.is_inside = first <= one.on <= last
    context = {
        "shown": shown,
        "views": _VIEWS,
        "day": day,
        "today": today,
        "first": first,
        "last": last,
        "earlier": first - timedelta(days=1),
        "later": last + timedelta(days=1),
        "weeks": _weeks(days) if shown != LIST else [],
        "days": [one for one in days if one.events],
        "can_plan": user.can("event.change"),
    }
    return render(request, "events/calendar.html", context)


def _weeks(days: list[Day]) -> list[list[Day]]:
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else today

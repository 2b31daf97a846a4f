"""The first screen: which of our regions had their dialogue, which not, what is next, what do we owe."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from events.models import Program
from reports.queries.coverage import overview_of, programs_by_nearness
from reports.queries.duties import open_duties
from reports.queries.evenings import held_figures
from reports.queries.looks import recent_looks
from reports.queries.tallies import counted_at, people_by_region
from reports.queries.upcoming import upcoming_events
from reports.queries.waiting import requests_to_decide, waiting_for
from ui.times import at_place

# Programmes shown on the page itself; more of them are reached through the picker.
SHOWN = 3


def home(request: HttpRequest) -> HttpResponse:
    """Each role gets the sections that its permissions give meaning to."""
    user: Any = request.user
    now = timezone.now()
    context: dict[str, Any] = {"now": now, "can_manage": user.can("officer.manage")}
    if user.can("event.view") or user.can("partner.view"):
        context |= _clock(user, now)
    if user.can("event.view"):
        context |= _events(user, now)
    if user.can("program.view"):
        context |= _programs(request, at_place(now, user.unit.timezone).date())
    if user.can("report.view") and not user.can("partner.view"):
        context["held"] = held_figures(user)
    if user.can("audit.view"):
        context |= {"registry": people_by_region(user).total, "looks": recent_looks(user)}
    if user.can("outside_request.manage"):
        context["outside"] = requests_to_decide(user)
    return render(request, "reports/home.html", context)


def _clock(user: Any, now: datetime) -> dict[str, Any]:
    """As of when the figures are; the day too, should it be another than today where the reader sits."""
    counted, zone = counted_at(), user.unit.timezone
    day = at_place(counted, zone).date() if counted else None
    return {"counted_at": counted, "counted_on": day if day != at_place(now, zone).date() else None}


def _events(user: Any, now: datetime) -> dict[str, Any]:
    ahead = upcoming_events(user, now=now)
    return {
        "waiting": waiting_for(user),
        "upcoming": ahead.shown,
        "awaiting": ahead.awaiting,
        "duties": open_duties(user),
        "can_see_guests": user.can("participant.view"),
        "can_plan": user.can("event.change"),
    }


def _programs(request: HttpRequest, today: date) -> dict[str, Any]:
    user: Any = request.user
    programs = programs_by_nearness(user, today=today)
    chosen = _chosen(programs, request.GET.get("rangkaian", ""))
    if chosen is not None:
        programs = [chosen, *(program for program in programs if program != chosen)]
    overview = overview_of(user, programs[:SHOWN])
    return {
        "coverage": overview.tables[0] if overview.tables else None,
        "other_coverages": overview.tables[1:],
        "nation": overview.nation,
        "prospects": overview.people if user.can("partner.add") else None,
        "can_see_partners": user.can("partner.view"),
        "programs": programs if len(programs) > SHOWN else [],
        "can_plan_programs": user.can("program.change"),
    }


def _chosen(programs: list[Program], text: str) -> Program | None:
    """The programme asked for in the address; whatever is not among those the officer sees is as if not asked."""
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    return next((program for program in programs if program.public_id == wanted), None)

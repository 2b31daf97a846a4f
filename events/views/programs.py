"""Programmes: the list, one with its stops, and the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from events.forms.programs import ProgramForm
from events.models import Event
from events.operations import programs
from events.queries.events import STILL_ON, events_visible_to, next_of, with_place
from events.queries.outreach import outreach_of
from events.queries.programs import programs_visible_to, reach_of, with_stops
from events.rules import can_change_event, can_change_program
from ui.paging import page_of
from ui.refusals import show_refusal

_FEW = 10


@requires("program.view")
@require_safe
def program_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    found = with_stops(programs_visible_to(request.user), events_visible_to(request.user))
    page = page_of(found, key="starts_on", cursor=request.GET.get("after", ""), descending=True)
    context = {"page": page, "can_add": user.can("program.change")}
    return render(request, "events/program_list.html", context)


@requires("program.view")
@require_safe
def program_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The stops that this officer can see; others of the same programme are not hinted at."""
    user: Any = request.user
    visible = programs_visible_to(request.user).select_related("unit", "region")
    program = get_object_or_404(visible, public_id=public_id)
    stops = with_place(events_visible_to(request.user)).filter(program=program)
    page = page_of(
        stops.exclude(starts_at=None), key="starts_at", cursor=request.GET.get("after", ""), size=100
    )
    # Without a date, so at the end of the tour.
    undated = [] if page.after else list(stops.filter(starts_at=None).order_by("pk")[:50])
    context = {
        "program": program,
        "page": page,
        "undated": undated,
        "next_stop": next_of(page.rows, timezone.now() - STILL_ON),
        "last_stop": _last(user, [*page.rows, *undated]) if not page.after else None,
        "reach": reach_of(program, user),
        "outreach": list(outreach_of(program, user)[:_FEW]),
        "can_change": can_change_program(request.user, program),
        "can_plan": user.can("event.change"),
    }
    return render(request, "events/program_detail.html", context)


def _last(user: Any, stops: list[Event]) -> Event | None:
    """The last stop of the tour that the officer may copy to the next place."""
    return next((event for event in reversed(stops) if can_change_event(user, event)), None)


@requires("program.change")
@require_http_methods(["GET", "POST"])
def program_add(request: HttpRequest) -> HttpResponse:
    form = ProgramForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            program = programs.create(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The programme is there. Add its first event."))
            return redirect("events:program-detail", program.public_id)
    return render(request, "events/program_form.html", {"form": form})


@requires("program.change")
@require_http_methods(["GET", "POST"])
def program_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    program = get_object_or_404(programs_visible_to(request.user), public_id=public_id)
    if not can_change_program(request.user, program):
        raise PermissionDenied
    form = ProgramForm(request.POST if request.method == "POST" else None, user=request.user, program=program)
    if request.method == "POST" and form.is_valid():
        try:
            programs.update(program=program, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:program-detail", program.public_id)
    return render(request, "events/program_form.html", {"form": form, "program": program})

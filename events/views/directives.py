"""Arahan: given at a meeting, carried out and reported by units."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from events.choices import DirectiveState, EventKind
from events.forms.directives import DirectiveForm, DirectiveReportForm, DirectiveStateForm
from events.models import Directive, DirectiveUnit, Event
from events.operations import directives
from events.queries.directives import (
    directive_units_visible_to,
    directives_concerning,
    directives_of,
    directives_visible_to,
    in_state,
    is_past_due,
    lines_of,
)
from events.queries.events import events_visible_to
from events.rules import can_change_event, can_direct, can_report_directive
from events.views.reach import event_or_404
from ui.paging import PAGE_SIZE
from ui.refusals import show_refusal

MEETINGS = (EventKind.WORKING_MEETING, EventKind.SUPERVISION)


def directive_summary(user: Any, event: Event) -> dict[str, object]:
    """What ``events/_directives.html`` needs beside ``event``. One query; the section stands at meetings that have
    begun, and wherever the host gave a directive."""
    rows = list(directives_of(event, user))
    may_direct = can_direct(user, event)
    return {
        "directives": rows,
        "may_direct": may_direct,
        "shows_directives": bool(rows) or may_direct or (event.kind in MEETINGS and event.is_held),
    }


@requires("event.view")
@require_safe
def directive_list(request: HttpRequest) -> HttpResponse:
    """What the officer's units gave or carry out."""
    form = DirectiveStateForm(request.GET or None)
    state = form.cleaned_data["state"] if form.is_bound and form.is_valid() else ""
    found = in_state(directives_concerning(request.user), state)
    start = _start(request)
    rows = list(found[start : start + PAGE_SIZE + 1])
    more = "?" + urlencode({"state": state, "from": start + PAGE_SIZE}) if len(rows) > PAGE_SIZE else ""
    context = {"form": form, "state": state, "rows": rows[:PAGE_SIZE], "more": more}
    return render(request, "events/directive_list.html", context)


@requires("event.view")
@require_safe
def directive_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who reported. A unit that was not at the meeting reads the directive and its own line only."""
    user: Any = request.user
    directive = _directive(request, public_id)
    lines = list(lines_of(directive, user))
    for line in lines:
        line.may_report = can_report_directive(user, line) and line.state == DirectiveState.OPEN  # type: ignore[attr-defined]
    reported = sum(line.state == DirectiveState.REPORTED for line in lines)
    context = {
        "directive": directive,
        "event": directive.event if _sees(user, directive.event) else None,
        "lines": lines,
        "reported": reported,
        "is_late": is_past_due(directive.due_on, directive.event.host_unit),
        "may_change": can_change_event(user, directive.event) and not reported,
    }
    return render(request, "events/directive_detail.html", context)


@requires("event.change")
@require_http_methods(["GET", "POST"])
def directive_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_or_404(request.user, public_id)
    if not can_direct(request.user, event):
        raise PermissionDenied
    form = DirectiveForm(request.POST if request.method == "POST" else None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            directives.give(event=event, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The directive is written down. Its units see it at once."))
            return redirect("events:event-detail", event.public_id)
    return render(request, "events/directive_form.html", {"form": form, "event": event})


@requires("event.change")
@require_http_methods(["GET", "POST"])
def directive_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    directive = _directive_to_change(request, public_id)
    event = directive.event
    form = DirectiveForm(request.POST if request.method == "POST" else None, event=event, directive=directive)
    if request.method == "POST" and form.is_valid():
        try:
            directives.update(directive=directive, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:directive-detail", directive.public_id)
    return render(
        request, "events/directive_form.html", {"form": form, "event": event, "directive": directive}
    )


@requires("event.change")
@require_http_methods(["GET", "POST"])
def directive_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    directive = _directive_to_change(request, public_id)
    event = directive.event
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            directives.remove(directive=directive, by=request.user)
        except ValidationError as error:
            form.is_valid()
            show_refusal(form, error)
        else:
            messages.success(request, _("The directive is taken away."))
            return redirect("events:event-detail", event.public_id)
    return render(
        request, "events/directive_remove.html", {"form": form, "event": event, "directive": directive}
    )


@requires("directive.report")
@require_http_methods(["GET", "POST"])
def directive_report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """``public_id`` of one unit's line."""
    rows = directive_units_visible_to(request.user).select_related("unit", "directive__event__host_unit")
    line: DirectiveUnit = get_object_or_404(rows, public_id=public_id)
    if not can_report_directive(request.user, line) or line.state != DirectiveState.OPEN:
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = DirectiveReportForm(*sent, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            directives.report(line=line, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Reported. Thank you."))
            return redirect("events:directive-detail", line.directive.public_id)
    context = {"form": form, "line": line, "directive": line.directive}
    return render(request, "events/directive_report.html", context)


def _directive(request: HttpRequest, public_id: UUID) -> Directive:
    rows = directives_visible_to(request.user).select_related("event__host_unit")
    return get_object_or_404(rows, public_id=public_id)


def _directive_to_change(request: HttpRequest, public_id: UUID) -> Directive:
    directive = _directive(request, public_id)
    if not can_change_event(request.user, directive.event):
        raise PermissionDenied
    return directive


def _sees(user: Any, event: Event) -> bool:
    return events_visible_to(user).filter(pk=event.pk).exists()


def _start(request: HttpRequest) -> int:
    typed = request.GET.get("from", "")
    return int(typed) if typed.isdecimal() and len(typed) <= 5 else 0

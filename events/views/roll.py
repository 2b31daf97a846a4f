"""The roll: one page, made for a thumb. Each act is its own address and answers with its own row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from events.forms.evening import WalkInForm
from events.models import Event, Participant
from events.operations import attendance
from events.operations.attendance import UNDO_WITHIN, Outcome
from events.queries.roll import MAX_PAGE, person_on_roll, roll_of, row_of
from events.queries.tallies import tallies_of
from events.rules import can_run_door
from events.views.reach import event_or_404
from ui.htmx import wants_fragment
from ui.refusals import first_message, show_refusal

_MAX_SEARCH = 80


@requires("door.run")
@require_safe
def roll(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole page, or the list alone while somebody types into the search."""
    event = event_or_404(request.user, public_id)
    text, page = _search(request)
    context = {
        "event": event,
        "text": text,
        "can_mark": can_run_door(request.user, event),
        "roll": roll_of(event, request.user, text=text, page=page, undo_within=UNDO_WITHIN),
    }
    if wants_fragment(request):
        return render(request, "events/_roll_list.html", context)
    return render(request, "events/roll.html", {**context, "tallies": tallies_of(event)})


@requires("door.run")
@require_GET
def roll_counts(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The figures alone, asked again every few seconds."""
    event = event_or_404(request.user, public_id)
    return HttpResponse(
        render_to_string(
            "events/_roll_counts.html", {"event": event, "tallies": tallies_of(event), "polls": True}
        )
    )


@requires("door.run")
@require_POST
def roll_mark(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    person = _person(request, public_id, guest_id)
    try:
        outcome = attendance.record(event=person.event, participant=person, by=request.user)
    except ValidationError as error:
        return _refused(request, person, error)
    return _answer(request, person, outcome)


@requires("door.run")
@require_POST
def roll_undo(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    person = _person(request, public_id, guest_id)
    try:
        outcome = attendance.undo(participant=person, by=request.user)
    except ValidationError as error:
        return _refused(request, person, error)
    return _answer(request, person, outcome)


@requires("door.run")
@require_http_methods(["GET", "POST"])
def roll_walk_in(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Somebody who was not asked: at most three fields."""
    event = event_or_404(request.user, public_id)
    if not can_run_door(request.user, event):
        raise PermissionDenied
    form = WalkInForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = attendance.walk_in(event=event, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, outcome.sentence)
            return redirect(_roll_address(request, event, outcome.participant))
    return render(request, "events/roll_walk_in.html", {"event": event, "form": form})


def _person(request: HttpRequest, event_id: UUID, participant_id: UUID) -> Participant:
    person = get_object_or_404(person_on_roll(request.user, event_id, participant_id))
    if not can_run_door(request.user, person.event):
        raise PermissionDenied
    return person


def _answer(request: HttpRequest, person: Participant, outcome: Outcome) -> HttpResponse:
    """The row as it stands now with the counts beside it; without JavaScript, back to the row on the page."""
    if not wants_fragment(request):
        tell = messages.success if outcome.state == attendance.PRESENT else messages.info
        tell(request, outcome.sentence)
        return redirect(_roll_address(request, person.event, person))
    person._state.fields_cache["attendance"] = outcome.attendance
    names = {outcome.attendance.by_id: outcome.by} if outcome.attendance else {}
    return _row(
        request, person, names, outcome.sentence, show=outcome.state in (attendance.ALREADY, attendance.STILL)
    )


def _refused(request: HttpRequest, person: Participant, error: ValidationError) -> HttpResponse:
    if not wants_fragment(request):
        messages.error(request, first_message(error))
        return redirect(_roll_address(request, person.event, person))
    return _row(request, person, {}, first_message(error), show=True)


def _row(
    request: HttpRequest, person: Participant, names: dict[int | None, str], said: str, *, show: bool
) -> HttpResponse:
    """Rendered without the context of a page, which a row does not need."""
    context = {
        "row": row_of(person, request.user, names, UNDO_WITHIN, sender=person.delegate_for),
        "event": person.event,
        "can_mark": True,
        "said": said,
        "show_said": show,
        "tallies": tallies_of(person.event),
    }
    return HttpResponse(render_to_string("events/_roll_answer.html", context))


def _roll_address(request: HttpRequest, event: Event, person: Participant) -> str:
    query: dict[str, Any] = {}
    if request.POST.get("q"):
        query["q"] = request.POST["q"][:_MAX_SEARCH]
    if request.POST.get("page", "").isdigit():
        query["page"] = request.POST["page"][:4]
    place = f"?{urlencode(query)}" if query else ""
    return f"{reverse('events:roll', args=[event.public_id])}{place}#p-{person.public_id}"


def _search(request: HttpRequest) -> tuple[str, int]:
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return request.GET.get("q", "").strip()[:_MAX_SEARCH], min(number, MAX_PAGE)

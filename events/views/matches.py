"""Who the walk-ins were: the next morning an officer says that "Ibu Sari" is Sari Dewi Lestari of the list."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from events.forms.matches import PartForm
from events.models import Participant
from events.operations import matches
from events.queries.matches import (
    came,
    guest_named,
    likely_to_be,
    matched_walk_ins,
    others_named,
    unknown_walk_ins,
    walk_in_named,
    who_is,
)
from events.queries.pledges import has_agreed
from events.rules import can_decide_reviews, may_be_asked_to_pledge
from events.views.reach import event_or_404
from ui.refusals import first_message, show_refusal
from ui.times import at_place

_MAX_SEARCH = 80


@requires("door.run")
@require_safe
def walk_in_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Walk-ins nobody knows yet, and those who turned out to be somebody of the list."""
    event = event_or_404(request.user, public_id)
    if not can_decide_reviews(request.user):
        raise PermissionDenied
    context = {"event": event, "unknown": unknown_walk_ins(event), "matched": matched_walk_ins(event)}
    return render(request, "events/walk_in_list.html", context)


@requires("door.run")
@require_safe
def walk_in_match(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    """Who is it? The likely ones first, and a search through the rest of the list."""
    walk_in = _walk_in(request, public_id, guest_id)
    try:
        matches.require_open_to_match(walk_in)
    except ValidationError as error:
        return _back(request, walk_in, error)
    text = request.GET.get("q", "").strip()[:_MAX_SEARCH]
    context = {
        "event": walk_in.event,
        "coming": came(walk_in.event, [walk_in])[0],
        "walk_in": walk_in,
        "text": text,
        "people": others_named(walk_in, text) if text else likely_to_be(walk_in),
    }
    return render(request, "events/walk_in_match.html", context)


@requires("door.run")
@require_http_methods(["GET", "POST"])
def walk_in_confirm(request: HttpRequest, public_id: UUID, guest_id: UUID, other_id: UUID) -> HttpResponse:
    """Both beside each other, and what follows; then it is done."""
    walk_in = _walk_in(request, public_id, guest_id)
    event, name = walk_in.event, str(walk_in)
    other = get_object_or_404(guest_named(event, other_id))
    try:
        matches.require_open_to_match(walk_in)
        matches.require_counterpart(walk_in, other)
        if request.method == "POST":
            matches.match(walk_in=walk_in, other=other, by=request.user)
    except ValidationError as error:
        return _back(request, walk_in, error)
    if request.method == "POST":
        since = guest_named(event, other_id).get().attendance.at
        said = _("%(walk_in)s is %(name)s, and counts once: present since %(time)s.")
        time = f"{at_place(since, event.timezone):%H.%M}"
        messages.success(request, said % {"walk_in": name, "name": other, "time": time})
        return redirect("events:walk-in-list", public_id)
    there = came(event, [other] if hasattr(other, "attendance") else [])
    context = {
        "event": event,
        "coming": came(event, [walk_in])[0],
        "walk_in": walk_in,
        "other": other,
        "there": there[0] if there else None,
        "loses_pledge": not may_be_asked_to_pledge(other) and has_agreed(walk_in),
    }
    return render(request, "events/walk_in_confirm.html", context)


@requires("door.run")
@require_http_methods(["GET", "POST"])
def walk_in_part(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    """It was somebody else after all."""
    walk_in = _walk_in(request, public_id, guest_id)
    person = who_is(walk_in)
    form = PartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            walk_in = matches.part(walk_in=walk_in, by=request.user, name=form.cleaned_data["name"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("They are two people again."))
            return redirect("events:walk-in-list", public_id)
    if person.pk == walk_in.pk and request.method == "GET":
        messages.info(request, _("This walk-in is matched with nobody."))
        return redirect("events:walk-in-list", public_id)
    context = {"event": walk_in.event, "walk_in": walk_in, "person": person, "form": form}
    return render(request, "events/walk_in_part.html", context)


def _walk_in(request: HttpRequest, event_id: UUID, participant_id: UUID) -> Participant:
    walk_in: Participant = get_object_or_404(walk_in_named(request.user, event_id, participant_id))
    if not can_decide_reviews(request.user):
        raise PermissionDenied
    return walk_in


def _back(request: HttpRequest, walk_in: Participant, error: ValidationError) -> HttpResponse:
    messages.error(request, first_message(error))
    return redirect("events:walk-in-list", walk_in.event.public_id)

"""Who the walk-ins were: the next morning an officer says that "Ibu Sari" is Sari Dewi Lestari of the list."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
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
)
from events.queries.pledges import has_agreed
from events.rules import may_be_asked_to_pledge
from events.views.reach import event_or_404
from ui.refusals import first_message
from ui.times import at_place

_MAX_SEARCH = 80


@requires("door.run")
@require_safe
def walk_in_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Walk-ins nobody knows yet, and those who turned out to be somebody of the list."""
    event = event_or_404(request.user, public_id)
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
    """Both beside each other, and what follows; then it is done, for good."""
    walk_in = _walk_in(request, public_id, guest_id)
    event, name = walk_in.event, str(walk_in)
    other = get_object_or_404(guest_named(event, other_id))
    try:
        matches.require_open_to_match(walk_in)
        matches.require_counterpart(walk_in, other)
        attendance = (
            matches.match(walk_in=walk_in, other=other, by=request.user) if request.method == "POST" else None
        )
    except ValidationError as error:
        return _back(request, walk_in, error)
    if attendance is not None:
        said = _("%(walk_in)s is %(name)s, and counts once: present since %(time)s.")
        time = f"{at_place(attendance.at, event.timezone):%H.%M}"
        messages.success(request, said % {"walk_in": name, "name": other, "time": time})
        return redirect("events:walk-in-list", public_id)
    there = came(event, [other] if hasattr(other, "attendance") else [])
    context = {
        "event": event,
        "coming": came(event, [walk_in])[0],
        "walk_in": walk_in,
        "other": other,
        "there": there[0] if there else None,
        "loses_name": matches.is_unnamed(other),
        "loses_pledge": not may_be_asked_to_pledge(other) and has_agreed(walk_in),
    }
    return render(request, "events/walk_in_confirm.html", context)


def _walk_in(request: HttpRequest, event_id: UUID, participant_id: UUID) -> Participant:
    walk_in: Participant = get_object_or_404(walk_in_named(request.user, event_id, participant_id))
    return walk_in


def _back(request: HttpRequest, walk_in: Participant, error: ValidationError) -> HttpResponse:
    messages.error(request, first_message(error))
    return redirect("events:walk-in-list", walk_in.event.public_id)

"""*Perlu dicek*: marks from the door that do not count yet, and people whom two phones marked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from events.choices import ReviewDecision
from events.forms.reviews import ReviewForm, WhoForm
from events.models import Event
from events.operations import reviews
from events.queries.matches import MOST_OF_A_NAME, namesakes_are_cut, namesakes_of
from events.queries.reviews import MOST, conflicts_are_cut, conflicts_of, doubt_named, doubts_of, open_reviews
from events.rules import can_decide_reviews
from events.views.reach import event_or_404
from ui.refusals import first_message, show_refusal


def review_summary(user: Any, event: Event) -> dict[str, int]:
    """What ``events/_review_note.html`` needs. One query."""
    return {"to_review": open_reviews(event).count() if can_decide_reviews(user) else 0}


@requires("door.run")
@require_safe
def review_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _list(request, _event(request, public_id))


@requires("door.run")
@require_http_methods(["GET", "POST"])
def review_count(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The marks that are ticked count. Opened anew, after a refusal, it leads back to the list."""
    return _decide(request, public_id, ReviewDecision.COUNTED)


@requires("door.run")
@require_http_methods(["GET", "POST"])
def review_dismiss(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The marks that are ticked do not count. Opened anew, it leads back like the other."""
    return _decide(request, public_id, ReviewDecision.DISMISSED)


@requires("door.run")
@require_http_methods(["GET", "POST"])
def review_who(request: HttpRequest, public_id: UUID, scan_id: UUID) -> HttpResponse:
    """A mark that names nobody: who was it? It counts with the answer."""
    event = _event(request, public_id)
    scan = get_object_or_404(doubt_named(event, scan_id))
    form = WhoForm(request.POST if request.method == "POST" else None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            reviews.decide(
                event=event,
                scans=[scan.client_uuid],
                decision=ReviewDecision.COUNTED,
                by=request.user,
                participant=form.cleaned_data["person"],
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("events:review-list", public_id)
    return render(request, "events/review_who.html", {"event": event, "scan": scan, "form": form})


@requires("door.run")
@require_safe
def conflict_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = _event(request, public_id)
    context = {
        "event": event,
        "conflicts": conflicts_of(event),
        "namesakes": namesakes_of(event),
        "namesakes_cut": MOST_OF_A_NAME if namesakes_are_cut(event) else 0,
        "cut": MOST if conflicts_are_cut(event) else 0,
    }
    return render(request, "events/conflict_list.html", context)


def _decide(request: HttpRequest, public_id: UUID, decision: str) -> HttpResponse:
    event = _event(request, public_id)
    if request.method != "POST":
        return redirect("events:review-list", public_id)
    form = ReviewForm(request.POST, event=event)
    if not form.is_valid():
        messages.error(request, str(form.errors["scan"][0]))
        return redirect("events:review-list", public_id)
    try:
        done = reviews.decide(
            event=event, scans=form.cleaned_data["scan"], decision=decision, by=request.user
        )
    except ValidationError as error:
        refused = _("Some of them name nobody. Say first who it was, or take their ticks out.")
        messages.error(request, refused if error.code == "participant" else first_message(error))
        return _list(request, event, ticked=[UUID(name) for name in form.cleaned_data["scan"]])
    else:
        counted = ngettext("%(n)d mark counts now.", "%(n)d marks count now.", done)
        dismissed = ngettext("%(n)d mark does not count.", "%(n)d marks do not count.", done)
        messages.success(
            request, (counted if decision == ReviewDecision.COUNTED else dismissed) % {"n": done}
        )
    return redirect("events:review-list", public_id)


def _list(request: HttpRequest, event: Event, ticked: Iterable[UUID] = ()) -> HttpResponse:
    doubts = doubts_of(event)
    context = {"event": event, "doubts": doubts, "is_cut": len(doubts) >= MOST, "ticked": set(ticked)}
    return render(request, "events/review_list.html", context)


def _event(request: HttpRequest, public_id: UUID) -> Event:
    event = event_or_404(request.user, public_id)
    if not can_decide_reviews(request.user):
        raise PermissionDenied
    return event

"""Komitmen bersama, at the closing and later: who agreed is listed, who did not is nowhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from events.choices import PledgeChannel
from events.models import Event
from events.operations import pledges
from events.queries.participants import participants_visible_to
from events.queries.pledges import SHORTEST, guests_named, pledges_of, pledges_visible_to
from events.queries.tallies import tallies_of
from events.rules import can_record_pledges, may_be_asked_to_pledge
from events.views.reach import event_or_404
from ui.htmx import wants_fragment
from ui.paging import page_of
from ui.refusals import first_message


@requires("pledge.record")
@require_safe
def pledge_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The text, a search for the one guest who stands before the officer, and those who agreed."""
    event = event_or_404(request.user, public_id)
    name = request.GET.get("q", "").strip()[:80]
    context = {
        "event": event,
        "name": name,
        "channels": PledgeChannel.choices,
        **_found(request, event, name),
    }
    if wants_fragment(request):
        return render(request, "events/_pledge_search.html", context)
    page = page_of(pledges_of(event), key="at", cursor=request.GET.get("after", ""), descending=True)
    return render(request, "events/pledge_list.html", {**context, "page": page, "tallies": tallies_of(event)})


@requires("pledge.record")
@require_POST
def pledge_record(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    rows = participants_visible_to(request.user).select_related("event__pledge_text", "partner")
    guest = get_object_or_404(rows, event__public_id=public_id, public_id=guest_id)
    if not can_record_pledges(request.user, guest.event):
        raise PermissionDenied
    text = guest.event.pledge_text
    if text is None:
        raise Http404
    channel = request.POST.get("channel", "")
    try:
        outcome = pledges.record(participant=guest, text=text, channel=channel, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        said = _("%(name)s: recorded.") if outcome.is_new else _("%(name)s: already recorded.")
        messages.success(request, said % {"name": outcome.pledge.participant})
    return redirect("events:pledge-list", public_id)


@requires("pledge.record")
@require_http_methods(["GET", "POST"])
def pledge_withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks once, and for no reason. Open at any time, also after the event was reported."""
    rows = pledges_visible_to(request.user).select_related("participant__event", "text")
    pledge = get_object_or_404(rows, public_id=public_id)
    event = pledge.participant.event
    if request.method == "POST":
        pledges.withdraw(pledge=pledge, by=request.user)
        messages.success(request, _("%(name)s: withdrawn.") % {"name": pledge.participant})
        return redirect("events:pledge-list", event.public_id)
    return render(request, "events/pledge_withdraw.html", {"event": event, "pledge": pledge})


def pledge_summary(user: Any, event: Event) -> dict[str, object]:
    """What ``events/_pledges_summary.html`` needs beside ``event`` and ``tallies``. One query, none without a text."""
    text = event.pledge_text
    return {
        "pledge_text": text,
        "pledge_points": list(text.points.all()) if text is not None else [],
        "may_record_pledges": can_record_pledges(user, event),
        "sees_pledges": user.can("pledge.record"),
    }


def _found(request: HttpRequest, event: Event, name: str) -> dict[str, Any]:
    text = event.pledge_text
    guests = guests_named(event, text, name) if text is not None else []
    return {
        "text": text,
        "points": list(text.points.all()) if text is not None else [],
        "can_record": text is not None and can_record_pledges(request.user, event),
        "found": [(guest, may_be_asked_to_pledge(guest)) for guest in guests],
        "too_short": 0 < len(name) < SHORTEST,
        "here": reverse("events:pledge-list", args=[event.public_id]),
    }

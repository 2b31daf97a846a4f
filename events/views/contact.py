"""One tap to a guest's phone: the event is the reason, and the look is on record before it is shown."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.decorators import requires
from accounts.queries.units import scope_of
from events.models import Participant
from events.operations import contacts
from events.queries.participants import participants_visible_to
from partners.operations.partners import Contact, reveal_contact
from partners.queries.partners import partners_visible_to
from ui.htmx import wants_fragment
from ui.refusals import absent_when_gone


@requires("contact.reveal")
@never_cache
@require_POST
def guest_contact(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    """Only of a partner in the officer's own scope, or what a walk-in left with a unit in it; else 404."""
    rows = participants_visible_to(request.user).select_related("event", "partner")
    guest = get_object_or_404(rows, event__public_id=public_id, public_id=guest_id)
    context = {"event": guest.event, "guest": guest, "contact": _contact(request, guest)}
    template = "events/_guest_contact.html" if wants_fragment(request) else "events/guest_contact.html"
    return render(request, template, context)


def _contact(request: HttpRequest, guest: Participant) -> Contact:
    if guest.partner_id is not None:
        partner = get_object_or_404(partners_visible_to(request.user), pk=guest.partner_id)
        with absent_when_gone():
            return reveal_contact(partner=partner, by=request.user, event=guest.event)
    if not guest.contact or guest.unit_id not in scope_of(request.user):
        raise Http404
    return contacts.reveal_walk_in(participant=guest, by=request.user)

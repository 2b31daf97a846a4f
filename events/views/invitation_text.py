"""Copying the invitation: for a group, and for one guest. A phone number opens only through the guest's contact."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from events.choices import GUEST_KINDS
from events.invitation_text import invitation_text, why_not
from events.models import Participant
from events.views.reach import event_or_404, guest_to_answer
from partners.choices import PartnerStatus


@requires("participant.view")
@require_safe
def invitation_copy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_or_404(request.user, public_id)
    refusal = why_not(event)
    text = "" if refusal else invitation_text(event)
    return render(request, "events/invitation_copy.html", {"event": event, "text": text, "refusal": refusal})


@requires("guest.change")
@require_safe
def guest_invitation_copy(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    """For the unit that keeps in touch with the guest: the host, and the one whose partner it is."""
    guest = guest_to_answer(request.user, public_id, guest_id)
    if guest.kind not in GUEST_KINDS:
        raise Http404
    event = event_or_404(request.user, public_id)
    refusal = why_not(event) or _why_not_this_guest(guest)
    text = "" if refusal else invitation_text(event, _addressed(guest))
    context = {"event": event, "guest": guest, "text": text, "refusal": refusal}
    return render(request, "events/invitation_copy.html", context)


def _why_not_this_guest(guest: Participant) -> str:
    partner = guest.partner
    if partner is not None and partner.do_not_contact_at is not None:
        return _("%(name)s asked not to be contacted any more. Do not invite them.") % {"name": guest}
    if partner is not None and partner.status != PartnerStatus.ACTIVE:
        return _("%(name)s is no partner any more and cannot be invited.") % {"name": guest}
    return ""


def _addressed(guest: Participant) -> str:
    """An organisation is asked as one while it has not said who comes."""
    return guest.display_name or (guest.institution if guest.organization_id is not None else "")

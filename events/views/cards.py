"""Badges for all, QR cards for all, and the code of one guest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import requires
from events import paperwork
from events.models import Participant
from events.operations import qr
from events.queries.participants import participants_visible_to
from events.queries.qr import address_of, live_code_of, may_have_code
from events.queries.sheets import people_on_paper
from events.rules import can_run_door
from events.views.reach import event_at_door
from papers.qr import svg_of
from papers.rendering import PDF, PNG
from ui.downloads import download
from ui.refusals import first_message


@requires("door.run")
@require_POST
def badges(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_at_door(request.user, public_id)
    people = [person for person in people_on_paper(event) if person.display_name]
    if not people:
        messages.error(request, _("There are no names yet. Invite guests first."))
        return redirect("events:sheet-list", event.public_id)
    qr.note_badges(event=event, by=request.user)
    return download(paperwork.badges(event, people), paperwork.file_name(_("Name badges"), event, "pdf"))


@requires("door.run")
@require_POST
def qr_cards(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_at_door(request.user, public_id)
    try:
        codes = qr.issue_all(event=event, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("events:sheet-list", event.public_id)
    return download(paperwork.qr_cards(event, codes), paperwork.file_name(_("QR cards"), event, "pdf"))


@requires("door.run")
@require_safe
def guest_qr(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    """The code of one guest, to show, send or replace."""
    guest = _guest(request, public_id, guest_id)
    code = live_code_of(guest)
    context = {
        "event": guest.event,
        "guest": guest,
        "may_have_code": may_have_code(guest),
        "code": code,
        "drawing": mark_safe(svg_of(address_of(code))) if code else "",
    }
    return render(request, "events/guest_qr.html", context)


@requires("door.run")
@require_POST
def guest_qr_make(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    return _coded(request, public_id, guest_id, qr.issue)


@requires("door.run")
@require_POST
def guest_qr_replace(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    """A new code; the one before is no longer good."""
    said = _("%(name)s has a new code; the old one is no longer good.")
    return _coded(request, public_id, guest_id, qr.replace, said)


@requires("door.run")
@require_POST
def guest_qr_card(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    return _card(request, public_id, guest_id, PDF)


@requires("door.run")
@require_POST
def guest_qr_picture(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    return _card(request, public_id, guest_id, PNG)


def _coded(
    request: HttpRequest, public_id: UUID, guest_id: UUID, give: Callable[..., Any], said: str = ""
) -> HttpResponse:
    guest = _guest(request, public_id, guest_id)
    try:
        give(participant=guest, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        if said:
            messages.success(request, said % {"name": guest})
    return redirect("events:guest-qr", public_id, guest_id)


def _card(request: HttpRequest, public_id: UUID, guest_id: UUID, form: str) -> HttpResponse:
    guest = _guest(request, public_id, guest_id)
    try:
        link = qr.take_card(participant=guest, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("events:guest-qr", public_id, guest_id)
    name = paperwork.file_name(_("QR card"), guest.event, form, str(guest))
    return download(paperwork.qr_card(guest, link, form=form), name)


def _guest(request: HttpRequest, public_id: UUID, guest_id: UUID) -> Participant:
    rows = participants_visible_to(request.user).select_related(
        "event__host_unit", "event__region", "unit", "delegate_for"
    )
    guest: Participant = get_object_or_404(rows, event__public_id=public_id, public_id=guest_id)
    if not can_run_door(request.user, guest.event):
        raise PermissionDenied
    return guest

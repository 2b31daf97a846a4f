"""Phones at the door, for officers: prepare this one, ask a helper, see who has reported, take one off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from events.choices import DeviceKind
from events.forms.devices import DeviceForm, HelperForm
from events.models import Device, Event
from events.operations import devices
from events.queries.devices import (
    HELPER_LINK,
    LIVE,
    device_figures,
    devices_of,
    devices_visible_to,
    expiry_of,
    free_label,
    state_of,
)
from events.rules import can_run_door
from events.views.reach import event_or_404
from outbox.links import token_of
from outbox.queries.links import live_link_of
from papers.qr import svg_of
from ui.refusals import show_refusal


def door_summary(user: Any, event: Event) -> dict[str, Any]:
    """What ``events/_door_card.html`` needs beside ``event``: nothing for those who cannot run the door. One query.

    ``can_prepare`` until a day after the end: no phone is admitted later.
    """
    if not can_run_door(user, event):
        return {"door": None}
    return {"door": {**device_figures(event, user), "can_prepare": expiry_of(event) > timezone.now()}}


@requires("door.run")
@require_safe
def device_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_or_404(request.user, public_id)
    context = {
        "event": event,
        "devices": devices_of(event),
        "can_prepare": can_run_door(request.user, event) and expiry_of(event) > timezone.now(),
    }
    return render(request, "events/device_list.html", context)


@requires("door.run")
@require_http_methods(["GET", "POST"])
def device_register(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """*Siapkan HP ini*: the browser that asks becomes a phone of this event. The token goes behind the "#", which no
    server and no log ever sees. A tablet goes into guests' hands: nobody stays logged in on it."""
    event = _event_at_door(request, public_id)
    form = DeviceForm(_sent(request), initial={"label": _label(request, event)})
    if request.method == "POST" and form.is_valid():
        try:
            device, token = devices.register(event=event, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            if device.kind == DeviceKind.KIOSK:
                get_adapter(request).logout(request)
            return HttpResponseRedirect(f"{reverse('door:shell')}#t={token}")
    return render(request, "events/device_form.html", {"event": event, "form": form})


@requires("door.run")
@require_http_methods(["GET", "POST"])
def device_invite(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = _event_at_door(request, public_id)
    form = HelperForm(_sent(request), initial={"label": _label(request, event)})
    if request.method == "POST" and form.is_valid():
        try:
            device, _link = devices.invite_helper(event=event, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return redirect("events:device-link", event.public_id, device.public_id)
    return render(request, "events/device_form.html", {"event": event, "form": form, "for_helper": True})


@requires("door.run")
@require_safe
def device_link(request: HttpRequest, public_id: UUID, device_id: UUID) -> HttpResponse:
    """The helper's link and its QR code, until a phone has taken it. Only for the officer who made it: what the phone
    does stands in that officer's name."""
    device = _device(request, public_id, device_id)
    is_open, is_mine = _is_open(device), device.officer_id == request.user.pk
    link = live_link_of(HELPER_LINK, device.public_id) if is_open and is_mine else None
    address = f"{settings.SITE_URL}{reverse('portal:door-claim', args=[token_of(link)])}" if link else ""
    context = {
        "event": device.event,
        "device": device,
        "address": address,
        "is_of_another": is_open and not is_mine,
        "code": SafeString(svg_of(address)) if address else "",
    }
    return render(request, "events/device_link.html", context)


@requires("door.run")
@require_http_methods(["GET", "POST"])
def device_revoke(request: HttpRequest, public_id: UUID, device_id: UUID) -> HttpResponse:
    """Asks once; what the phone still sends is not lost."""
    device = _device(request, public_id, device_id)
    if request.method == "POST":
        devices.revoke(device=device, by=request.user)
        messages.success(request, _("%(label)s is no longer admitted.") % {"label": device.label})
        return redirect("events:device-list", public_id)
    return render(request, "events/device_revoke.html", {"event": device.event, "device": device})


def _event_at_door(request: HttpRequest, public_id: UUID) -> Event:
    event = event_or_404(request.user, public_id)
    if not can_run_door(request.user, event):
        raise PermissionDenied
    return event


def _device(request: HttpRequest, event_id: UUID, device_id: UUID) -> Device:
    rows = devices_visible_to(request.user).select_related(
        "event__host_unit", "event__region__parent__parent"
    )
    return get_object_or_404(rows, public_id=device_id, event__public_id=event_id)


def _is_open(device: Device) -> bool:
    """Whether a helper's phone may still be claimed."""
    waits = device.kind == DeviceKind.HELPER and device.token_hash is None
    return waits and state_of(device) == LIVE and device.event.is_open


def _label(request: HttpRequest, event: Event) -> str:
    return free_label(event, request.user) if request.method == "GET" else ""


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None

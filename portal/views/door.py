"""The link by which a helper's phone is admitted to one door, once. No account; GET shows, POST takes it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events.operations import devices
from events.queries.devices import LIVE, device_by_link, state_of
from portal import throttle

GONE = 410


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def door_claim(request: HttpRequest, token: str) -> HttpResponse:
    """The event and the name of the phone; POST hands over the device's own token, behind the "#" of the door."""
    if throttle.is_waiting(request):
        return _private(render(request, "portal/wait.html", status=429))
    found = device_by_link(token)
    if found is None:
        throttle.note_miss(request)
        return _private(render(request, "portal/link_over.html", status=404))
    link, device = found
    standing, is_claimed = state_of(device), device.token_hash is not None
    if is_claimed or standing != LIVE:
        return _over(request, "claimed" if standing == LIVE else standing, is_claimed=is_claimed)
    if not device.event.is_open:
        return _over(request, "event_closed")
    if request.method == "POST":
        try:
            own = devices.claim(device=device, link=link)
        except ValidationError as refusal:
            return _over(request, str(refusal.code), is_claimed=refusal.code == "claimed")
        return _private(HttpResponseRedirect(f"{reverse('door:shell')}#t={own}"))
    return _private(render(request, "portal/door_claim.html", {"device": device, "event": device.event}))


def _over(request: HttpRequest, why: str, *, is_claimed: bool = False) -> HttpResponse:
    """A phone that took the link may still hold what it has not sent: it is led back to the door, ended or not."""
    context = {"why": why, "is_claimed": is_claimed}
    return _private(render(request, "portal/door_over.html", context, status=GONE))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

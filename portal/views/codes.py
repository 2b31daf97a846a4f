"""What a browser shows of the code of an invitation: one page for every code there ever was, and those never made."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import throttle


@login_not_required
@never_cache
@require_safe
def invitation_code(request: HttpRequest, token: str) -> HttpResponse:
    """Guests post their codes, so nothing personal stands here. The token is not even looked up: who guesses learns
    nothing, neither from the page nor from the time it takes."""
    is_enough = throttle.has_asked_enough(request)
    response = (
        render(request, "portal/wait.html", status=429)
        if is_enough
        else render(request, "portal/invitation_code.html")
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

"""Pages of a signed-in officer are for this officer's eyes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts import handover

# What a person may still open on the officer's phone after answering.
OPEN_VIEWS = frozenset(
    {
        "partners:consent-screen",
        "partners:consent-thanks",
        "account_reauthenticate",
        "account_logout",
        "set_language",
        "healthz",
        # The phone keeps this page: a way to the password must not be what it keeps. It shuts itself, by the mark.
        "door:shell",
        "door:worker",
        "door:manifest",
    }
)


def _is_for_everybody(match: Any, view: Any) -> bool:
    """A personal link, or a public page; administrators have pages in the same app."""
    return match.app_name == "portal" and not getattr(view, "login_required", True)


class PrivatePagesMiddleware:
    """Shuts every page while the phone is handed over (:mod:`accounts.handover`), and lets no browser keep one: after
    logging out, the back button of a shared computer must not show a list of people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        handover.mark(request, response)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseRedirect | HttpResponseClientRedirect | None:
        match = request.resolver_match
        if match is None or match.view_name in OPEN_VIEWS or _is_for_everybody(match, view):
            return None
        if not handover.is_shut(request):
            return None
        address = (
            f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('partners:partner-list')})}"
        )
        asked_by_htmx = request.headers.get("HX-Request") == "true"
        return HttpResponseClientRedirect(address) if asked_by_htmx else HttpResponseRedirect(address)

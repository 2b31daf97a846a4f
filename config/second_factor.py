"""Officers of some roles set up a second factor before anything else: ``SECOND_FACTOR_ROLES``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.queries.second_factor import lacks_required

# What is needed to set it up, or to go away. Pages for which nobody need be logged in stay open too.
OPEN_VIEWS = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "account_logout",
        "set_language",
    }
)


class SecondFactorMiddleware:
    """Leads an officer whose role needs a second factor, and who has none, to the page that sets one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseRedirect | HttpResponseClientRedirect | None:
        match = request.resolver_match
        if match is None or match.view_name in OPEN_VIEWS or not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated or not lacks_required(request.user):
            return None
        address = reverse("mfa_index")
        asked_by_htmx = request.headers.get("HX-Request") == "true"
        return HttpResponseClientRedirect(address) if asked_by_htmx else HttpResponseRedirect(address)

"""Account security: password, second factor, recovery codes and sessions of the officer who looks."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn import views as webauthn_views
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.operations import sessions
from accounts.queries.second_factor import (
    factor_of,
    factors_of,
    is_required,
    may_remove,
    recovery_codes_left,
)
from accounts.queries.sessions import sessions_of


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What the account is kept by, and where it is logged in. Also where one is led who must set up a second factor."""
    factors = [(factor, may_remove(request.user, factor)) for factor in factors_of(request.user)]
    context = {
        "apps": [pair for pair in factors if pair[0].type == "totp"],
        "passkeys": [pair for pair in factors if pair[0].type == "webauthn"],
        "codes_left": recovery_codes_left(request.user),
        "is_required": is_required(request.user),
        "must_set_up": is_required(request.user) and not factors,
        "sessions": sessions_of(request.user, request.session.session_key or ""),
    }
    return render(request, "accounts/security.html", context)


def passkey_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The library's page, but for the last factor of an officer who must have one."""
    factor = factor_of(request.user, pk)
    if factor is None:
        raise Http404
    if not may_remove(request.user, factor):
        messages.error(request, _("Your role needs a second step. Set up another one first."))
        return redirect("mfa_index")
    response: HttpResponse = webauthn_views.remove_webauthn(request, pk=pk)
    return response


def passkey_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """The library's page; a passkey of somebody else is not there, also for whoever must first confirm."""
    if factor_of(request.user, pk) is None:
        raise Http404
    response: HttpResponse = webauthn_views.edit_webauthn(request, pk=pk)
    return response


@require_safe
def passkey_list(request: HttpRequest) -> HttpResponse:
    """Where the library goes after a passkey was changed: they stand on the page of the account."""
    return redirect("mfa_index")


@require_POST
def session_end(request: HttpRequest, ref: str) -> HttpResponse:
    """End one other session of one's own; this one ends by logging out."""
    found = [one for one in _own(request) if one.ref == ref and not one.is_current]
    if not found:
        raise Http404
    sessions.end(officer=request.user, session=found[0].row)
    messages.success(request, _("Logged out there: %(browser)s.") % {"browser": found[0].browser})
    return redirect("mfa_index")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End all other sessions of one's own, also those begun before there was a list."""
    user: Any = request.user
    count = sessions.end_others(officer=user, key=request.session.session_key or "")
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    said = ngettext(
        "Logged out on %(count)d other device.", "Logged out on all %(count)d other devices.", count
    )
    messages.success(request, said % {"count": count})
    return redirect("mfa_index")


def _own(request: HttpRequest) -> list[Any]:
    return sessions_of(request.user, request.session.session_key or "")

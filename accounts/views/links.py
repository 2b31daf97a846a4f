"""The link by which an officer chooses a password: the administrator makes it, the officer opens it."""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.decorators import requires
from accounts.forms.entrance import ResetPasswordKeyForm
from accounts.links import token_of
from accounts.models import Officer
from accounts.operations import links, sessions
from accounts.queries.links import officer_of
from accounts.queries.officers import officers_visible_to

_FRESH = "fresh_link"


@requires("officer.manage")
def officer_link(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET shows a link once, right after it was made; POST makes a new one, and the earlier one stops working."""
    officer = get_object_or_404(officers_visible_to(request.user), public_id=public_id)
    if request.method == "POST":
        try:
            show_once(request, links.issue(officer=officer, by=request.user))
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("accounts:officer-edit", officer.public_id)
        return redirect("accounts:officer-link", officer.public_id)
    fresh = request.session.pop(_FRESH, None) == [str(officer.public_id), officer.link_version]
    address = _address(officer) if fresh and officer.link_expires_at else ""
    return render(request, "accounts/officer_link.html", {"officer": officer, "address": address})


def show_once(request: HttpRequest, officer: Officer) -> None:
    """Let the next look at the page of the link show it. The session holds its version, not the link."""
    request.session[_FRESH] = [str(officer.public_id), officer.link_version]


def _address(officer: Officer) -> str:
    path = reverse("account_invitation", args=[officer.public_id, token_of(officer)])
    return f"{settings.SITE_URL}{path}"


@login_not_required
def invitation(request: HttpRequest, public_id: UUID, token: str) -> HttpResponse:
    """The officer chooses a password and comes in. A link that is used, revoked or too old opens nothing."""
    officer = officer_of(public_id, token)
    if officer is None:
        return _gone(request)
    form = ResetPasswordKeyForm(request.POST or None, user=officer, temp_key=token)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = sessions.choose_password(
                officer=officer, token=token, password=form.cleaned_data["password1"]
            )
        except ValidationError as refusal:
            if not hasattr(refusal, "error_dict"):
                return _gone(request)
            form.add_error("password1", refusal.error_dict["password"])
        else:
            return _come_in(request, chosen)
    return render(request, "account/invitation.html", {"form": form, "officer": officer})


def _come_in(request: HttpRequest, officer: Officer) -> HttpResponse:
    """As after a password: whoever has a second factor is asked for it."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
    record_authentication(request, officer, method="password")
    return perform_login(request, officer)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "account/invitation_gone.html", {"no_echo": True}, status=404)

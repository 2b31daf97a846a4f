"""The pages on which a decision is recorded, taken on the officer's phone, or asked for by a link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import handover
from accounts.decorators import requires
from outbox.links import address_of
from outbox.queries.links import live_link_of
from partners.choices import CONSENT_REQUEST, ConsentChannel
from partners.forms.consents import ConsentForm, ScreenForm
from partners.models import Partner
from partners.operations import asking, consents
from partners.queries.consents import standings_of
from partners.queries.partners import partners_visible_to
from partners.rules import can_record_consent


def consent_summary(user: Any, partner: Partner) -> dict[str, object]:
    """What ``partners/_consents.html`` needs beside ``partner``. Two queries."""
    return {"standings": standings_of(partner), "may_record_consent": can_record_consent(user, partner)}


@requires("consent.record")
@require_http_methods(["GET", "POST"])
def consent_record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the person told an officer, or signed on a sheet that is photographed."""
    partner = _partner(request, public_id)
    standings = standings_of(partner)
    form = ConsentForm(request.POST or None, request.FILES or None, user=request.user, standings=standings)
    if request.method == "POST" and form.is_valid() and _recorded(request, partner, form):
        return redirect("partners:partner-detail", public_id=partner.public_id)
    return render(request, "partners/consent_record.html", {"partner": partner, "form": form})


@requires("consent.record")
@never_cache
@require_http_methods(["GET", "POST"])
def consent_screen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The page for the person's own eyes and thumb: the words, and two buttons. It shows nothing else about them."""
    partner = _partner(request, public_id)
    standings = standings_of(partner)
    form = ScreenForm(request.POST or None, user=request.user, partner=partner, standings=standings)
    if request.method == "POST" and form.is_valid() and _answered(request, partner, form):
        handover.begin(request)
        return redirect("partners:consent-thanks")
    context = {"partner": partner, "form": form, "keep": standings[0] if standings else None}
    return render(request, "partners/consent_screen.html", context)


@requires("consent.record")
@never_cache
@require_GET
def consent_thanks(request: HttpRequest) -> HttpResponse:
    """ "Hand the phone back": names nobody, and leads on only by the officer's password."""
    return render(request, "partners/consent_thanks.html")


@requires("consent.record")
@never_cache
@require_http_methods(["GET", "POST"])
def consent_link(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A personal link for the person. POST makes it; GET shows the live one with the words to send along."""
    partner = _partner(request, public_id)
    if request.method == "POST":
        try:
            asking.link_for(partner=partner, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.message)
        return redirect("partners:consent-link", public_id=partner.public_id)
    link = live_link_of(CONSENT_REQUEST, partner.public_id)
    context = {
        "partner": partner,
        "link": link,
        "address": address_of(link) if link else "",
        "whatsapp": asking.words_for_whatsapp(partner=partner, link=link) if link else "",
        "email": asking.email_of(partner),
        "zone": partner.region.timezone,
    }
    return render(request, "partners/consent_link.html", context)


@requires("consent.record")
@require_POST
def consent_email(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Queue the one e-mail that asks a person whom nobody has heard yet."""
    partner = _partner(request, public_id)
    try:
        asking.by_email(partner=partner, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The e-mail is on its way. It goes once and is never repeated."))
    return redirect("partners:consent-link", public_id=partner.public_id)


def _partner(request: HttpRequest, public_id: UUID) -> Partner:
    """404 outside the officer's scope; 403 for a partner who is only shared with them."""
    visible = partners_visible_to(request.user).select_related("unit", "region")
    partner = get_object_or_404(visible, public_id=public_id)
    if not can_record_consent(request.user, partner):
        raise PermissionDenied
    return partner


def _recorded(request: HttpRequest, partner: Partner, form: ConsentForm) -> bool:
    try:
        if form.cleaned_data["channel"] == ConsentChannel.PAPER:
            consents.record_sheet(
                partner=partner, decisions=form.decisions, upload=form.cleaned_data["sheet"], by=request.user
            )
        else:
            consents.record_all(
                partner=partner, decisions=form.decisions, channel=ConsentChannel.SPOKEN, by=request.user
            )
    except ValidationError as refusal:
        about_file = (refusal.code or "").startswith("file_")
        form.add_error("sheet" if about_file else None, refusal)
        return False
    messages.success(request, _("The decision has been recorded."))
    return True


def _answered(request: HttpRequest, partner: Partner, form: ScreenForm) -> bool:
    try:
        consents.answer(
            partner=partner,
            agreed=form.agreed,
            also=form.cleaned_data["also"],
            channel=ConsentChannel.SCREEN,
            by=request.user,
            mark=form.cleaned_data["mark"],
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True

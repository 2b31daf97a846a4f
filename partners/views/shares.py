"""Showing a partner to another unit, by the person's consent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import requires
from partners.choices import Purpose
from partners.forms.shares import ShareForm
from partners.models import Partner
from partners.operations import shares
from partners.queries.consents import allows, standings_of
from partners.queries.partners import partners_visible_to
from partners.queries.shares import live_shares_of
from partners.rules import can_record_consent, can_share


@requires("partner.share")
@require_http_methods(["GET", "HEAD", "POST"])
def partner_share(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who sees the partner, and one more unit; without the person's consent it says how to ask for it."""
    partner = _partner(request, public_id)
    form = ShareForm(request.POST if request.method == "POST" else None, user=request.user, partner=partner)
    if form.is_valid():
        unit = form.cleaned_data["unit"]
        try:
            shares.grant(partner=partner, unit=unit, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request,
                _("%(unit)s now sees %(name)s, and changes nothing.")
                % {"unit": unit.short_name, "name": partner.full_name},
            )
            return redirect("partners:partner-share", public_id=public_id)
    standing = next((one for one in standings_of(partner) if one.purpose == Purpose.SHARE_UNIT), None)
    context = {
        "partner": partner,
        "form": form,
        "standing": standing,
        "is_allowed": allows(partner, Purpose.SHARE_UNIT),
        "shares": live_shares_of(partner),
        "may_record_consent": can_record_consent(request.user, partner),
    }
    return render(request, "partners/partner_share.html", context)


@requires("partner.share")
@require_POST
def share_end(request: HttpRequest, public_id: UUID, share_id: UUID) -> HttpResponse:
    """The other unit sees the partner no more, at once. Sharing again undoes it."""
    partner = _partner(request, public_id)
    share = get_object_or_404(live_shares_of(partner), public_id=share_id)
    shares.end(share=share, by=request.user)
    messages.success(
        request,
        _("%(unit)s no longer sees %(name)s.") % {"unit": share.unit.short_name, "name": partner.full_name},
    )
    return redirect("partners:partner-share", public_id=public_id)


def _partner(request: HttpRequest, public_id: UUID) -> Partner:
    """404 outside the officer's scope; 403 for a partner who is only shared with them."""
    partner = get_object_or_404(
        partners_visible_to(request.user).select_related("unit", "region"), public_id=public_id
    )
    if not can_share(request.user, partner):
        raise PermissionDenied
    return partner

"""Berhenti dihubungi, in two taps: the button on the partner's page, and this one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from partners.operations import do_not_contact
from partners.queries.partners import partners_visible_to
from partners.rules import can_record_consent
from ui.refusals import absent_when_gone


@requires("consent.record")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_stop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET says what will happen; POST writes it down. There is no page that takes it back: only the person does."""
    visible = partners_visible_to(request.user).select_related("unit")
    partner = get_object_or_404(visible, public_id=public_id)
    if not can_record_consent(request.user, partner):
        raise PermissionDenied
    if request.method == "POST":
        with absent_when_gone():
            do_not_contact.stop(partner=partner, by=request.user)
        messages.success(
            request, _("Written down: %(name)s is not contacted any more.") % {"name": partner.full_name}
        )
        return redirect("partners:partner-detail", public_id=public_id)
    return render(request, "partners/contact_stop.html", {"partner": partner})

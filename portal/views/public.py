"""Pages for everybody, without an account: what is kept and what never, and where harmful content is reported."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.operations.consents import DAYS_TO_DECIDE
from partners.queries.outside_requests import counts_by_year
from portal.promises import PROMISES
from portal.queries.channels import channels_shown


@login_not_required
@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    context = {
        "promises": PROMISES,
        "years": counts_by_year(),
        "days": DAYS_TO_DECIDE,
        "today": timezone.localdate(),
    }
    return render(request, "portal/transparency.html", context)


@login_not_required
@require_safe
def report_channels(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/report_channels.html", {"channels": channels_shown()})

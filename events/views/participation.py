"""The events of one partner, as a piece of the partner's page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.decorators import requires
from events.queries.participation import participation_of
from partners.queries.partners import partners_visible_to

_SHOWN = 20


@requires("participant.view")
@require_GET
def partner_events(request: HttpRequest, public_id: UUID) -> HttpResponse:
    partner = get_object_or_404(partners_visible_to(request.user), public_id=public_id)
    rows = list(participation_of(partner, request.user)[: _SHOWN + 1])
    context = {"partner": partner, "rows": rows[:_SHOWN], "has_more": len(rows) > _SHOWN, "shown": _SHOWN}
    return render(request, "events/_partner_events.html", context)

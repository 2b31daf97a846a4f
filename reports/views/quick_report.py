"""The quick report, ready to be copied."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from events.queries.commitments import commitments_of
from events.queries.devices import devices_waiting
from events.queries.events import events_visible_to, with_place
from events.queries.reviews import open_reviews
from events.queries.tallies import tallies_of
from events.rules import can_decide_reviews, can_run_door
from reports.quick_report import build


@requires("report.view")
@require_safe
def quick_report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = get_object_or_404(with_place(events_visible_to(request.user)), public_id=public_id)
    tallies = tallies_of(event)
    unsent = devices_waiting(event) if event.is_open else 0
    commitments = commitments_of(event, request.user)
    text = build(event, event.roles.all(), tallies, tallies.pledges, commitments, unsent)
    to_review = open_reviews(event).count() if can_decide_reviews(request.user) else 0
    context = {
        "event": event,
        "text": text,
        "to_review": to_review,
        "unsent": unsent,
        "can_see_phones": can_run_door(request.user, event),
    }
    return render(request, "reports/quick_report.html", context)

"""Events: the list, one event, and the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from events.filters import EventFilter
from events.forms.events import EventForm
from events.invitation_text import why_not
from events.models import Event
from events.operations import events
from events.queries.events import STILL_ON, events_visible_to, past, upcoming, with_place, without_date
from events.queries.hints import hints_for
from events.queries.roles import roles_of
from events.queries.tallies import tallies_of
from events.rules import can_change_event, can_change_guests, can_run_door
from events.views.approvals import approval_summary
from events.views.commitments import commitment_summary
from events.views.devices import door_summary
from events.views.directives import directive_summary
from events.views.neutrality import neutrality_link, neutrality_summary
from events.views.personnel import unit_summary
from events.views.pledges import pledge_summary
from events.views.proposals import proposal_summary
from events.views.reach import event_or_404, event_to_change
from events.views.reviews import review_summary
from events.views.sheets import paper_summary
from ui.htmx import wants_fragment
from ui.paging import PAGE_SIZE, Page, page_of
from ui.refusals import show_refusal
from ui.times import at_place

_FEW = 10


@requires("event.view")
@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Coming events first, then past ones; ``when`` shows one half, page by page."""
    user: Any = request.user
    filters = EventFilter(request.GET, queryset=events_visible_to(request.user), request=request)
    found = with_place(filters.qs)
    half = filters.form.cleaned_data.get("when", "") if filters.form.is_valid() else ""
    context = {
        "filters": filters,
        "can_plan": user.can("event.change"),
        **_halves(request, found, half),
    }
    template = "events/_event_rows.html" if wants_fragment(request) else "events/event_list.html"
    return render(request, template, context)


@requires("event.view")
@require_safe
def event_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Names of guests never stand here: whoever may read them opens the guest list."""
    user: Any = request.user
    event = event_or_404(user, public_id)
    can_change = can_change_event(user, event)
    clock, door = _clock_of(event), door_summary(user, event)
    beside = list(event.event_units.select_related("unit"))
    context = {
        "event": event,
        "co_hosts": [row.unit for row in beside if row.part == "co_host"],
        "invited_units": [row.unit for row in beside if row.part == "invited"],
        "roles": list(roles_of(event)),
        "agenda": list(event.agenda.all()),
        "tallies": tallies_of(event),
        "can_change": can_change,
        "can_invite": can_change_guests(user, event),
        "can_run_door": can_run_door(user, event),
        "can_see_guests": user.can("participant.view"),
        "can_copy_invitation": user.can("participant.view") and not why_not(event),
        "can_report": user.can("report.view"),
        "hints": hints_for(user, event) if can_change else [],
        **clock,
        **door,
        "door_first": clock["is_near"] and bool(door["door"] and door["door"]["can_prepare"]),
        **approval_summary(user, event, can_change=can_change),
        **neutrality_summary(user, event),
        **directive_summary(user, event),
        **commitment_summary(user, event),
        **pledge_summary(user, event),
        **proposal_summary(user, event, has_units=bool(beside)),
        **unit_summary(user, event, beside),
        **paper_summary(user, event),
        **review_summary(user, event),
    }
    return render(request, "events/event_detail.html", context)


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    form = EventForm(request.POST if request.method == "POST" else None, user=request.user, event=event)
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            events.update(event=event, by=request.user, **form.values())
        except ValidationError as error:
            show_refusal(form, error)
            link = neutrality_link(event, error, region=form.cleaned_data["region"])
        else:
            messages.success(request, _("Saved."))
            return redirect("events:event-detail", event.public_id)
    context = {"form": form, "event": event, "neutrality_url": link}
    return render(request, "events/event_form.html", context)


def _halves(request: HttpRequest, found: Any, half: str) -> dict[str, Any]:
    since = timezone.now() - STILL_ON
    cursor = request.GET.get("after", "") if half else ""
    size = PAGE_SIZE if half else _FEW
    none = Page(rows=[], after="", is_first=True)
    coming = gone = none
    undated: list[Event] = []
    if half != "past":
        coming = page_of(upcoming(found, since), key="starts_at", cursor=cursor, size=PAGE_SIZE)
        undated = list(without_date(found)[:PAGE_SIZE]) if coming.is_first else []
    if half != "upcoming":
        gone = page_of(past(found, since), key="starts_at", cursor=cursor, size=size, descending=True)
    return {
        "coming": coming,
        "undated": undated,
        "gone": gone,
        "more_coming": _link(request.GET, when="upcoming", after=coming.after),
        "more_gone": _link(request.GET, when="past", after=gone.after),
        "is_narrowed": any(value for name, value in request.GET.items() if name not in ("after", "when")),
    }


def _link(query: QueryDict, **fields: str) -> str:
    copy = query.copy()
    for name, value in fields.items():
        copy[name] = value
    return f"?{copy.urlencode()}"


def _clock_of(event: Event) -> dict[str, Any]:
    """``is_near``: the roll is what the reader came for. ``first_day``: of the date it was put off from."""
    now = timezone.now()
    starts_at, first = event.starts_at, event.postponed_from
    return {
        "has_begun": starts_at is not None and starts_at <= now,
        "is_near": starts_at is not None and starts_at <= now + STILL_ON,
        "first_day": at_place(first, event.timezone).date() if first else None,
    }

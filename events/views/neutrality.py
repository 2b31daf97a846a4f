"""The neutrality checklist of an event in an election's window."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from events.choices import EventState
from events.forms.approvals import NeutralityForm
from events.models import Event
from events.operations import neutrality
from events.queries.neutrality import asked_of, barred_of, who_may_tick
from events.rules import can_tick_neutrality
from events.views.reach import event_or_404
from regions.models import Region
from regions.queries.regions import region_with_parents
from ui.refusals import show_refusal

NOT_YET = (EventState.DRAFT, EventState.SUBMITTED)


def neutrality_summary(user: Any, event: Event) -> dict[str, object]:
    """What ``events/_neutrality.html`` needs: which elections ask, and whether the list is settled for this officer
    to publish. Nothing for those who neither plan nor decide, or once the event is planned."""
    if event.state not in NOT_YET or not can_tick_neutrality(user, event):
        return {}
    asked = asked_of(event)
    if not asked:
        return {}
    barred = barred_of(event) if user.can("event.approve") else barred_of(event, user)
    return {"asked": asked, "is_neutral": all(row.is_settled(barred) for row in asked)}


def neutrality_link(
    event: Event, error: ValidationError, *, day: date | None = None, region: Region | None = None
) -> str:
    """Where the list is ticked for the day or place that was refused; empty where it was refused for another reason."""
    if getattr(error, "code", None) not in (neutrality.MISSING, neutrality.SECOND):
        return ""
    query = {"hari": day.isoformat() if day else "", "daerah": region.code if region else ""}
    query = {name: value for name, value in query.items() if value}
    address = reverse("events:neutrality-check", args=[event.public_id])
    return f"{address}?{urlencode(query)}" if query else address


@requires("event.view")
@require_http_methods(["GET", "POST"])
def neutrality_check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """``?hari=2024-11-20&daerah=64.07`` asks about a day or place to which a planned event is about to move."""
    event = event_or_404(request.user, public_id)
    if not can_tick_neutrality(request.user, event):
        raise PermissionDenied
    planned = _planned(request, event)
    form = NeutralityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            neutrality.tick(event=event, by=request.user, points=form.cleaned_data["points"], planned=planned)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The neutrality list is ticked. The next step is open."))
            return redirect("events:event-detail", event.public_id)
    return render(request, "events/neutrality_check.html", _context(request, event, planned, form))


def _context(
    request: HttpRequest, event: Event, planned: dict[str, Any], form: NeutralityForm
) -> dict[str, Any]:
    for name, value in planned.items():
        setattr(event, name, value)
    asked = asked_of(event)
    barred = barred_of(event)
    is_quiet = any(row.is_quiet for row in asked)
    return {
        "event": event,
        "form": form,
        "asked": asked,
        "is_quiet": is_quiet,
        "is_barred": is_quiet and request.user.pk in barred,
        "others": who_may_tick(event, barred | {request.user.pk}) if is_quiet else [],
    }


def _planned(request: HttpRequest, event: Event) -> dict[str, Any]:
    """Fields as they would be after the move; what makes no sense is passed over."""
    found: dict[str, Any] = {}
    zone = event.timezone
    code = request.GET.get("daerah", "")
    region = region_with_parents(code) if re.fullmatch(r"[0-9.]{2,13}", code) else None
    if region is not None:
        zone = region.timezone
        found |= {"region": region, "timezone": zone}
    try:
        day = date.fromisoformat(request.GET.get("hari", ""))
    except ValueError:
        return found
    if 2000 <= day.year < 2100:
        found |= {"starts_at": datetime.combine(day, time(12), ZoneInfo(zone)), "ends_at": None}
    return found

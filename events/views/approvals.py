"""Submitting an event to a leader, and the one page on which the leader decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import requires
from events.choices import ApprovalState, EventState
from events.forms.approvals import SendBackForm
from events.models import Approval, Event
from events.operations import approvals
from events.queries.approvals import approvals_visible_to, last_note, waiting_approval
from events.queries.hints import hints_for
from events.queries.roles import roles_of
from events.views.neutrality import neutrality_summary
from events.views.reach import event_to_change
from ui.refusals import first_message, show_refusal


def approval_summary(user: Any, event: Event, *, can_change: bool) -> dict[str, object]:
    """What the event page says of the deciding: to the host what to mend, to a leader where to decide."""
    if event.state == EventState.DRAFT and can_change:
        return {"returned_note": last_note(event)}
    if event.state != EventState.SUBMITTED:
        return {}
    approval = waiting_approval(event)
    may_decide = (
        approval is not None
        and approval.asked_by_id != user.pk
        and approvals_visible_to(user).filter(pk=approval.pk).exists()
    )
    return {"approval": approval, "may_decide": may_decide}


@requires("event.change")
@require_POST
def event_submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    try:
        approvals.submit(event=event, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("Submitted. The leader sees it on the first screen."))
    return redirect("events:event-detail", event.public_id)


@requires("event.change")
@require_POST
def event_take_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    try:
        approvals.take_back(event=event, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("Taken back: a draft again."))
    return redirect("events:event-detail", event.public_id)


@requires("event.approve")
@require_safe
def approval_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, _approval(request, public_id), SendBackForm())


@requires("event.approve")
@require_POST
def approval_approve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    approval = _approval(request, public_id)
    try:
        event = approvals.approve(approval=approval, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("events:approval-detail", approval.public_id)
    messages.success(request, _("Approved: the event is planned."))
    return redirect("events:event-detail", event.public_id)


@requires("event.approve")
@require_POST
def approval_return(request: HttpRequest, public_id: UUID) -> HttpResponse:
    approval = _approval(request, public_id)
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            event = approvals.send_back(approval=approval, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Sent back. The host reads your note."))
            return redirect("events:event-detail", event.public_id)
    return _page(request, _approval(request, public_id), form)


def _approval(request: HttpRequest, public_id: UUID) -> Approval:
    rows = approvals_visible_to(request.user).select_related(
        "event__host_unit", "event__program", "event__region__parent__parent"
    )
    return get_object_or_404(rows, public_id=public_id)


def _page(request: HttpRequest, approval: Approval, form: BaseForm) -> HttpResponse:
    event = approval.event
    is_waiting = approval.state == ApprovalState.WAITING
    context = {
        "approval": approval,
        "event": event,
        "form": form,
        "is_waiting": is_waiting,
        "is_own": approval.asked_by_id == request.user.pk,
        "roles": list(roles_of(event)),
        "beside": list(event.event_units.select_related("unit")),
        "hints": hints_for(request.user, event) if is_waiting else [],
        **(neutrality_summary(request.user, event) if is_waiting else {}),
    }
    return render(request, "events/approval_detail.html", context)

"""Janji kami: written down at an event, kept with evidence, or dropped with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from events.choices import CommitmentState
from events.forms.evening import CommitmentForm, DropForm, EvidenceForm
from events.models import Commitment, Event
from events.operations import commitments
from events.queries.commitments import commitments_of, commitments_visible_to
from events.queries.events import events_visible_to
from events.rules import can_change_commitment, can_promise
from events.views.reach import event_or_404
from ui.refusals import show_refusal


def commitment_summary(user: Any, event: Event) -> dict[str, object]:
    """What ``events/_commitments.html`` needs beside ``event``. One query."""
    return {"commitments": list(commitments_of(event, user)), "may_promise": can_promise(user, event)}


@requires("commitment.change")
@require_http_methods(["GET", "POST"])
def commitment_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_or_404(request.user, public_id)
    if not can_promise(request.user, event):
        raise PermissionDenied
    form = CommitmentForm(*_sent(request), user=request.user, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            commitments.promise(event=event, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return _back(request, event, _("The promise is written down."))
    return render(request, "events/commitment_form.html", {"event": event, "form": form})


@requires("commitment.change")
@require_http_methods(["GET", "POST"])
def commitment_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    commitment = _commitment(request, public_id)
    initial = {"text": commitment.text, "owner_unit": commitment.owner_unit_id, "due_on": commitment.due_on}
    form = CommitmentForm(*_sent(request), user=request.user, event=commitment.event, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            commitments.update(commitment=commitment, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return _back(request, commitment.event, _("Saved."))
    return _page(request, "events/commitment_form.html", commitment, form)


@requires("commitment.change")
@require_http_methods(["GET", "POST"])
def commitment_finish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    commitment = _commitment(request, public_id)
    form = EvidenceForm(*_sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            commitments.finish(commitment=commitment, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return _back(request, commitment.event, _("Promise kept. Thank you."))
    return _page(request, "events/commitment_finish.html", commitment, form)


@requires("commitment.change")
@require_http_methods(["GET", "POST"])
def commitment_drop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    commitment = _commitment(request, public_id)
    form = DropForm(*_sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            commitments.drop(commitment=commitment, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return _back(request, commitment.event, _("The promise is dropped, with its reason."))
    return _page(request, "events/commitment_drop.html", commitment, form)


def _commitment(request: HttpRequest, public_id: UUID) -> Commitment:
    """An open commitment that the officer may change; one that is done or dropped stays as it is."""
    rows = commitments_visible_to(request.user).select_related("event__host_unit", "owner_unit")
    commitment = get_object_or_404(rows, public_id=public_id)
    if not can_change_commitment(request.user, commitment) or commitment.state != CommitmentState.OPEN:
        raise PermissionDenied
    return commitment


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    """What was posted, even when it is nothing: an empty form is answered with its errors."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _page(request: HttpRequest, template: str, commitment: Commitment, form: BaseForm) -> HttpResponse:
    """A unit may be in charge of a promise from an event out of its sight: the page does not name that event then."""
    event = commitment.event if _sees(request, commitment.event) else None
    return render(request, template, {"event": event, "commitment": commitment, "form": form})


def _sees(request: HttpRequest, event: Event) -> bool:
    return events_visible_to(request.user).filter(pk=event.pk).exists()


def _back(request: HttpRequest, event: Event, sentence: str) -> HttpResponse:
    """To the event, where the officer can see it; a unit in charge of an event it was not at goes home."""
    messages.success(request, sentence)
    if _sees(request, event):
        return redirect("events:event-detail", event.public_id)
    return redirect("home")

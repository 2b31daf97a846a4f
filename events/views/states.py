"""Moving an event through its states: each act has its own address, and what cannot be undone asks once."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import requires
from events.forms.states import CancelForm, FinishForm
from events.forms.when import PostponeForm, WhenForm
from events.models import Event
from events.operations import states
from events.queries.tallies import tallies_of
from events.views.neutrality import neutrality_link
from events.views.reach import event_to_change
from ui.refusals import first_message, show_refusal


@requires("event.change")
@require_POST
def event_publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    try:
        states.publish(event=event, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
        if link := neutrality_link(event, error):
            return redirect(link)
    else:
        messages.success(request, _("The event is planned. Now invite the guests."))
    return redirect("events:event-detail", event.public_id)


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_finish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    form = FinishForm(request.POST if request.method == "POST" else None, initial={"outcome": event.outcome})
    if request.method == "POST" and form.is_valid():
        try:
            states.finish(event=event, by=request.user, outcome=form.cleaned_data["outcome"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return _done(request, event, _("The event is marked as done."))
    return _ask(request, event, form, "finish")


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            states.report(event=event, by=request.user)
        except ValidationError as error:
            form.is_valid()
            show_refusal(form, error)
        else:
            return _done(request, event, _("The event is marked as reported."))
    return _ask(request, event, form, "report")


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            states.cancel(event=event, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            return _done(request, event, _("The event is cancelled. Tell the guests."))
    return _ask(request, event, form, "cancel")


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_postpone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    form = PostponeForm(
        request.POST if request.method == "POST" else None,
        event=event,
        is_needed=False,
        initial={"day": None, "starts": None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            when = form.cleaned_data["when"].as_fields()
            states.postpone(event=event, by=request.user, reason=form.cleaned_data["reason"], **when)
        except ValidationError as error:
            show_refusal(form, error)
            return _ask(request, event, form, "postpone", _neutrality_of(form, event, error))
        else:
            return _done(request, event, _("The event is postponed; guests and answers are kept."))
    return _ask(request, event, form, "postpone")


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_reschedule(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    form = WhenForm(request.POST if request.method == "POST" else None, event=event, is_needed=True)
    if request.method == "POST" and form.is_valid():
        try:
            states.reschedule(event=event, by=request.user, **form.cleaned_data["when"].as_fields())
        except ValidationError as error:
            show_refusal(form, error)
            return _ask(request, event, form, "reschedule", _neutrality_of(form, event, error))
        else:
            return _done(request, event, _("The new date is set; guests and answers are kept."))
    return _ask(request, event, form, "reschedule")


def _done(request: HttpRequest, event: Event, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("events:event-detail", event.public_id)


def _neutrality_of(form: forms.Form, event: Event, error: ValidationError) -> str:
    """Where the list is ticked for the new date, when that is what the move was refused for."""
    return neutrality_link(event, error, day=form.cleaned_data.get("day"))


def _ask(
    request: HttpRequest, event: Event, form: forms.Form, act: str, neutrality_url: str = ""
) -> HttpResponse:
    # As stored: a refused move leaves the new date on the instance.
    event = event_to_change(request.user, event.public_id)
    context = {
        "event": event,
        "form": form,
        "tallies": tallies_of(event),
        "neutrality_url": neutrality_url,
    }
    return render(request, f"events/event_{act}.html", context)

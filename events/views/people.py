"""Those with a part in the evening, and its order."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from events.forms.people import AgendaFormSet, RoleForm, in_order
from events.models import Event, EventRole
from events.operations import agenda, roles
from events.views.reach import event_to_change
from ui.refusals import first_message, show_refusal


@requires("event.change")
@require_http_methods(["GET", "POST"])
def role_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            roles.add(event=event, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("%(name)s has been added.") % {"name": form.cleaned_data["full_name"]}
            )
            return redirect("events:event-detail", event.public_id)
    return render(request, "events/role_form.html", {"form": form, "event": event})


@requires("event.change")
@require_http_methods(["GET", "POST"])
def role_edit(request: HttpRequest, public_id: UUID, role_id: UUID) -> HttpResponse:
    event, role = _role(request, public_id, role_id)
    form = RoleForm(request.POST if request.method == "POST" else None, role=role)
    if request.method == "POST" and form.is_valid():
        try:
            roles.update(person=role, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:event-detail", event.public_id)
    return render(request, "events/role_form.html", {"form": form, "event": event, "role": role})


@requires("event.change")
@require_http_methods(["GET", "POST"])
def role_remove(request: HttpRequest, public_id: UUID, role_id: UUID) -> HttpResponse:
    event, role = _role(request, public_id, role_id)
    if request.method == "POST":
        try:
            roles.remove(person=role, by=request.user)
        except ValidationError as error:
            messages.error(request, first_message(error))
        else:
            messages.success(
                request, _("%(name)s no longer has a part in the event.") % {"name": role.formal_name}
            )
        return redirect("events:event-detail", event.public_id)
    return render(request, "events/role_remove.html", {"event": event, "role": role})


@requires("event.change")
@require_http_methods(["GET", "POST"])
def agenda_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All lines on one page; an emptied title takes its line away."""
    event = event_to_change(request.user, public_id)
    standing = [
        {"starts": item.starts, "kind": item.kind, "title": item.title} for item in event.agenda.all()
    ]
    lines = AgendaFormSet(request.POST if request.method == "POST" else None, initial=standing, prefix="line")
    if request.method == "POST" and lines.is_valid():
        items = in_order([line.cleaned_data for line in lines if line.cleaned_data.get("title")])
        try:
            agenda.replace(event=event, by=request.user, items=items)
        except ValidationError as error:
            messages.error(request, first_message(error))
        else:
            messages.success(request, _("The agenda is saved."))
            return redirect("events:event-detail", event.public_id)
    return render(request, "events/agenda_form.html", {"event": event, "lines": lines})


def _role(request: HttpRequest, public_id: UUID, role_id: UUID) -> tuple[Event, EventRole]:
    event = event_to_change(request.user, public_id)
    return event, get_object_or_404(event.roles.select_related("event"), public_id=role_id)

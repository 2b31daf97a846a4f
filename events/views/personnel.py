"""Units as guests: who answered, how many come, and the roll of personnel that each brings along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from accounts.models import Unit
from events.choices import INTERNAL_KINDS, Answer
from events.forms.personnel import PersonnelForm, UnitAnswerForm
from events.models import Event, EventUnit
from events.operations import personnel, units
from events.queries.participants import participants_visible_to
from events.queries.personnel import personnel_of, unit_rows, units_at
from events.rules import can_answer_for
from events.views.reach import event_or_404
from ui.refusals import first_message, show_refusal


def unit_summary(user: Any, event: Event, beside: list[EventUnit]) -> dict[str, object]:
    """What ``events/_units.html`` needs beside ``event``: at internal meetings, and wherever a unit has answered.

    One query there, and none elsewhere.

    :param beside: those who take part beside the host.
    """
    answered = sum(row.answer != Answer.NONE for row in beside)
    is_used = beside and (answered or event.kind in INTERNAL_KINDS)
    if not is_used or not user.can("participant.view"):
        return {"shows_units": False}
    return {
        "shows_units": True,
        "units_asked": len(beside),
        "units_answered": answered,
        **_totals(unit_rows(event, beside)),
    }


@requires("participant.view")
@require_safe
def unit_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One line for each unit: answer, expected, named, present. Each unit changes its own, the host every line."""
    event = event_or_404(request.user, public_id)
    rows = unit_rows(event, event.event_units.select_related("unit").order_by("unit__code"))
    context = {
        "event": event,
        "rows": [(row, can_answer_for(request.user, event, row.unit.pk)) for row in rows],
        "has_units": len(rows) > 1,
        **_totals(rows),
    }
    return render(request, "events/unit_list.html", context)


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def unit_answer(request: HttpRequest, public_id: UUID, unit_id: UUID) -> HttpResponse:
    event, unit = _unit(request, public_id, unit_id)
    row = get_object_or_404(event.event_units.all(), unit=unit)
    initial = {"answer": row.answer, "expected": row.expected}
    form = UnitAnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            units.answer(event=event, unit=unit, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(_line(event, unit))
    return render(request, "events/unit_answer.html", {"event": event, "unit": unit, "form": form})


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def unit_personnel(request: HttpRequest, public_id: UUID, unit_id: UUID) -> HttpResponse:
    """The roll of personnel of one unit, and the place to paste more names."""
    event, unit = _unit(request, public_id, unit_id)
    form = PersonnelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        people = form.cleaned_data["lines"]
        try:
            new = personnel.add(event=event, unit=unit, people=people, by=request.user)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            _tell(request, new, len(people) - new)
            return redirect("events:unit-personnel", public_id, unit_id)
    context = {"event": event, "unit": unit, "form": form, "people": list(personnel_of(event, unit))}
    return render(request, "events/unit_personnel.html", context)


@requires("guest.change")
@require_POST
def personnel_remove(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    rows = participants_visible_to(request.user).filter(kind="personnel", unit__isnull=False)
    person = get_object_or_404(
        rows.select_related("event", "unit"), public_id=guest_id, event__public_id=public_id
    )
    assert person.unit is not None
    if not can_answer_for(request.user, person.event, person.unit.pk):
        raise PermissionDenied
    name, unit = str(person), person.unit
    try:
        personnel.remove(participant=person, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("%(name)s is off the list.") % {"name": name})
    return redirect("events:unit-personnel", public_id, unit.public_id)


def _unit(request: HttpRequest, public_id: UUID, unit_id: UUID) -> tuple[Event, Unit]:
    """A unit that takes part, for which the officer may answer."""
    event = event_or_404(request.user, public_id)
    unit = get_object_or_404(units_at(event), public_id=unit_id)
    if not can_answer_for(request.user, event, unit.pk):
        raise PermissionDenied
    return event, unit


def _line(event: Event, unit: Unit) -> str:
    return f"{reverse('events:unit-list', args=[event.public_id])}#unit-{unit.pk}"


def _tell(request: HttpRequest, new: int, known: int) -> None:
    sentence = ngettext("%(count)s name added.", "%(count)s names added.", new) % {"count": new}
    if known:
        known_said = ngettext("%(count)s stood there already.", "%(count)s stood there already.", known) % {
            "count": known
        }
        sentence = f"{sentence} {known_said}"
    messages.success(request, sentence)


def _totals(rows: list[Any]) -> dict[str, int]:
    return {
        "units_expected": sum(row.beside.expected or 0 for row in rows if row.beside),
        "units_named": sum(row.named for row in rows),
        "units_present": sum(row.present for row in rows),
    }

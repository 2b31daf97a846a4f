"""Planning an event in three short steps. Until the last is sent the database knows nothing of it.

What was typed stays in the officer's session, step by step, so that going back and forth loses nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import requires
from accounts.queries.units import region_codes_of
from events.choices import PartOfDay
from events.forms.events import PEOPLE_FIELDS, PLACE_FIELDS, TIME_FIELDS, EventForm
from events.operations import events
from events.queries.hints import hints_for_plan
from events.queries.programs import programs_visible_to
from ui.refusals import show_refusal
from ui.times import at_place, span

_KEPT = "event_plan"
# What a session keeps of one field, at most; far above what any of them takes.
_MAX_TEXT, _MAX_CHOICES = 4000, 400


@dataclass(frozen=True)
class Step:
    """``name`` is the end of the step's address name, of its template and of its draft on the phone."""

    name: str
    url: str
    title: Any
    fields: tuple[str, ...]


STEPS = (
    Step("place", "events:event-add", gettext_lazy("What and where"), PLACE_FIELDS),
    Step("time", "events:event-add-time", gettext_lazy("When"), TIME_FIELDS),
    Step("people", "events:event-add-people", gettext_lazy("Who and how"), PEOPLE_FIELDS),
)


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_add(request: HttpRequest) -> HttpResponse:
    return _step(request, 0)


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_add_time(request: HttpRequest) -> HttpResponse:
    return _step(request, 1)


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_add_people(request: HttpRequest) -> HttpResponse:
    return _step(request, 2)


@requires("event.change")
@require_POST
def event_add_back(request: HttpRequest, step: str) -> HttpResponse:
    """One step back; what stands in the form is kept as it is, finished or not."""
    number = next((number for number, one in enumerate(STEPS) if one.name == step), None)
    if number is None:
        raise Http404
    _keep(request, STEPS[number], request.POST)
    return redirect(STEPS[max(number - 1, 0)].url)


@requires("event.change")
@require_POST
def event_add_restart(request: HttpRequest) -> HttpResponse:
    """Forget what was typed, and begin with an empty form."""
    request.session.pop(_KEPT, None)
    return redirect("events:event-add")


def _step(request: HttpRequest, number: int) -> HttpResponse:
    step = STEPS[number]
    if request.method == "POST":
        _keep(request, step, request.POST)
    values: dict[str, Any] = {}
    for before in STEPS[:number]:
        form = _form(request, before, values, data=_kept(request, before))
        if not form.is_valid():
            return redirect(before.url)
        values |= form.values()
    if request.method == "GET":
        return _show(request, number, _form(request, step, values), values)
    form = _form(request, step, values, data=_kept(request, step))
    if not form.is_valid():
        return _show(request, number, form, values)
    if request.POST.get("so_far", _mark(request, number)) != _mark(request, number):
        form.add_error(None, _("What stands above was changed in another window. Look at it, then go on."))
        return _show(request, number, form, values)
    if step is STEPS[0]:
        _keep_title(request, form)
    if number + 1 < len(STEPS):
        return redirect(STEPS[number + 1].url)
    return _save(request, number, form, values)


def _save(request: HttpRequest, number: int, form: EventForm, values: dict[str, Any]) -> HttpResponse:
    try:
        event = events.create(by=request.user, **values, **form.values())
    except ValidationError as error:
        show_refusal(form, error)
        return _show(request, number, form, values)
    request.session.pop(_KEPT, None)
    messages.success(request, _("The draft is saved. Next: people, agenda and guests."))
    return redirect("events:event-detail", event.public_id)


def _form(
    request: HttpRequest, step: Step, values: dict[str, Any], *, data: QueryDict | None = None
) -> EventForm:
    """The form of a step. ``values`` of the steps before give it the zone of the place and the day."""
    region, starts_at = values.get("region"), values.get("starts_at")
    zone = region.timezone if region is not None else ""
    day = at_place(starts_at, zone).date() if isinstance(starts_at, datetime) else None
    initial = {}
    if data is None:
        codes = region_codes_of(request.user) if step is STEPS[0] else []
        initial = {"region": codes[0]} if codes else {}
        initial |= _typed(step, _kept(request, step)) | _asked_for(request)
    return EventForm(data, user=request.user, only=step.fields, zone=zone, day=day, initial=initial)


def _show(request: HttpRequest, number: int, form: EventForm, values: dict[str, Any]) -> HttpResponse:
    context = {
        "form": form,
        "step": STEPS[number],
        "steps": STEPS,
        "number": number + 1,
        "so_far": _in_words(values),
        "mark": _mark(request, number),
        "is_begun": bool(request.session.get(_KEPT)),
        "hints": hints_for_plan(request.user, values) if number + 1 == len(STEPS) else [],
    }
    return render(request, f"events/event_add_{STEPS[number].name}.html", context)


def _in_words(values: dict[str, Any]) -> dict[str, str]:
    """What the earlier steps said, for the reader of the later ones."""
    found: dict[str, str] = {}
    if "title" in values:
        found["title"] = values["title"]
        found["place"] = f"{values['venue']} · {values['region'].name}"
    if values.get("starts_at"):
        found["when"] = span(
            values["starts_at"],
            values["ends_at"],
            values["region"].timezone,
            has_time=values["has_time"],
            part_of_day=str(PartOfDay(values["part_of_day"]).label) if values["part_of_day"] else "",
        )
    return found


def _mark(request: HttpRequest, number: int) -> str:
    """Stands for what the steps before hold. Sent back with the step, it tells whether a second window of the same
    session has put another plan under it meanwhile."""
    plan = request.session.get(_KEPT, {})
    before = [plan.get(step.name) for step in STEPS[:number]]
    return sha256(json.dumps(before, sort_keys=True).encode()).hexdigest()[:16]


def _keep(request: HttpRequest, step: Step, data: QueryDict) -> None:
    """Only the fields of the step, and of each no more than anybody types."""
    kept = {}
    for name in data:
        if name in step.fields or (name.startswith("region_") and "region" in step.fields):
            kept[name] = [text[:_MAX_TEXT] for text in data.getlist(name)[:_MAX_CHOICES]]
    if kept.get("title") == request.session.get(_KEPT, {}).get("proposed"):
        kept["title"] = [""]
    request.session[_KEPT] = {**request.session.get(_KEPT, {}), step.name: kept}


def _keep_title(request: HttpRequest, form: EventForm) -> None:
    """A title that was made stands in the field when the officer comes back; untouched, it is made anew."""
    if not form.data.get("title", "").strip():
        plan = request.session[_KEPT]
        title = [form.cleaned_data["title"]]
        place = {**plan["place"], "title": title}
        request.session[_KEPT] = {**plan, "place": place, "proposed": title}


def _kept(request: HttpRequest, step: Step) -> QueryDict | None:
    """What was typed in a step, as it was sent; None where nothing was."""
    plan = request.session.get(_KEPT, {})
    if step.name not in plan:
        return None
    data = QueryDict(mutable=True)
    for name, texts in plan[step.name].items():
        data.setlist(name, texts)
    return data


def _typed(step: Step, data: QueryDict | None) -> dict[str, Any]:
    """What was typed, as initial values: shown without the notes that a sent form would get."""
    if data is None:
        return {}
    widgets = {name: EventForm.base_fields[name].widget for name in step.fields}
    return {
        name: widget.value_from_datadict(data, {}, name)
        for name, widget in widgets.items()
        if not widget.value_omitted_from_data(data, {}, name)
    }


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """The programme from whose page the officer came."""
    try:
        asked = UUID(request.GET.get("program", ""))
    except ValueError:
        return {}
    program = programs_visible_to(request.user).filter(public_id=asked).first()
    return {"program": program.pk} if program else {}

"""What a unit polices: every change is shown before it is saved, with the number of people who would move."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from accounts.forms.units import JurisdictionEndForm, JurisdictionForm, SeenForm
from accounts.models import Jurisdiction, Unit
from accounts.operations import jurisdictions
from accounts.queries.territory import Forecast, flows_of, jurisdictions_visible_to
from accounts.views.units import unit_or_404
from regions.models import Region
from regions.widgets import LEVELS
from ui.refusals import show_refusal


@requires("unit.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def jurisdiction_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET asks; POST saves what a preview has shown. What nobody has seen in a preview is previewed first."""
    unit = unit_or_404(request, public_id)
    form = JurisdictionForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _add_page(request, unit, form)
    found = _preview(form, lambda facts: _preview_add(request, unit, facts))
    if found is None or not _has_seen(request, found):
        return _add_page(request, unit, form, found, stale="seen" in request.POST)
    try:
        _row, job = jurisdictions.add(by=request.user, unit=unit, **form.cleaned_data)
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return _add_page(request, unit, form)
    return _saved(request, unit, found, job)


@requires("unit.manage")
@require_safe
def jurisdiction_check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The preview of a new one; nothing is written."""
    unit = unit_or_404(request, public_id)
    form = JurisdictionForm(request.GET)
    found = _preview(form, lambda facts: _preview_add(request, unit, facts)) if form.is_valid() else None
    return _add_page(request, unit, form, found)


@requires("unit.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def jurisdiction_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET asks for the last day; POST saves what a preview has shown."""
    row = _jurisdiction(request, public_id)
    form = JurisdictionEndForm(request.POST if request.method == "POST" else None, jurisdiction=row)
    if request.method != "POST" or not form.is_valid():
        return _end_page(request, row, form)
    found = _preview(form, lambda facts: _preview_end(request, row, facts))
    if found is None or not _has_seen(request, found):
        return _end_page(request, row, form, found, stale="seen" in request.POST)
    try:
        _row, job = jurisdictions.end(jurisdiction=row, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return _end_page(request, row, form)
    return _saved(request, row.unit, found, job)


@requires("unit.manage")
@require_safe
def jurisdiction_end_check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The preview of another last day; nothing is written."""
    row = _jurisdiction(request, public_id)
    form = JurisdictionEndForm(request.GET, jurisdiction=row)
    found = _preview(form, lambda facts: _preview_end(request, row, facts)) if form.is_valid() else None
    return _end_page(request, row, form, found)


@requires("unit.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def jurisdiction_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET says who would move; POST takes back a jurisdiction that has not been in force before today."""
    row = _jurisdiction(request, public_id)
    try:
        found = jurisdictions.preview_remove(jurisdiction=row, by=request.user)
        if request.method == "POST" and _has_seen(request, found):
            return _saved(request, row.unit, found, jurisdictions.remove(jurisdiction=row, by=request.user))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("accounts:unit-detail", row.unit.public_id)
    fields = [("seen", str(found.people))]
    context = {"jurisdiction": row, "fields": fields, **_told(found), "stale": request.method == "POST"}
    return render(request, "accounts/jurisdiction_remove.html", context)


def _jurisdiction(request: HttpRequest, public_id: UUID) -> Jurisdiction:
    return get_object_or_404(jurisdictions_visible_to(request.user), public_id=public_id)


def _preview_add(request: HttpRequest, unit: Unit, facts: dict[str, Any]) -> Forecast:
    days = {name: facts[name] for name in ("region", "mode", "valid_from", "valid_to")}
    return jurisdictions.preview_add(by=request.user, unit=unit, **days)


def _preview_end(request: HttpRequest, row: Jurisdiction, facts: dict[str, Any]) -> Forecast:
    return jurisdictions.preview_end(jurisdiction=row, by=request.user, valid_to=facts["valid_to"])


def _preview(form: Any, ask: Any) -> Forecast | None:
    """What would happen; a refusal is shown in the form."""
    try:
        found: Forecast = ask(form.cleaned_data)
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return None
    return found


def _has_seen(request: HttpRequest, found: Forecast) -> bool:
    seen = SeenForm(request.POST)
    return seen.is_valid() and seen.cleaned_data["seen"] == found.people


def _told(found: Forecast | None) -> dict[str, Any]:
    return {"forecast": found, "flows": flows_of(found) if found else []}


def _add_page(
    request: HttpRequest, unit: Unit, form: Any, found: Forecast | None = None, stale: bool = False
) -> HttpResponse:
    context = {"unit": unit, "form": form, "fields": _hidden(form, found), **_told(found), "stale": stale}
    return render(request, "accounts/jurisdiction_add.html", context)


def _end_page(
    request: HttpRequest, row: Jurisdiction, form: Any, found: Forecast | None = None, stale: bool = False
) -> HttpResponse:
    fields = _hidden(form, found)
    context = {"jurisdiction": row, "form": form, "fields": fields, **_told(found), "stale": stale}
    return render(request, "accounts/jurisdiction_end.html", context)


def _hidden(form: Any, found: Forecast | None) -> list[tuple[str, str]]:
    """What the form said, for the button that confirms it."""
    if found is None:
        return []
    fields = []
    for name, value in form.cleaned_data.items():
        if isinstance(value, Region):
            fields += [(f"{name}_{level}", code) for level, code in zip(LEVELS, value.prefixes, strict=False)]
        else:
            fields.append((name, "" if value is None else str(value)))
    return [*fields, ("seen", str(found.people))]


def _saved(request: HttpRequest, unit: Unit, found: Forecast, job: Any | None) -> HttpResponse:
    if job is not None:
        messages.success(request, _("Saved. The partners are being moved; you may leave this page."))
        return redirect("jobs:job-detail", job.public_id)
    if found.is_today and found.people:
        said = ngettext("Saved. %(n)s partner has moved.", "Saved. %(n)s partners have moved.", found.people)
        messages.success(request, said % {"n": found.people})
    else:
        messages.success(request, _("Saved."))
    return redirect("accounts:unit-detail", unit.public_id)

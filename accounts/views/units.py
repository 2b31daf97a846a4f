"""Units: the tree, and each with what it polices, kept by administrators."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from accounts.forms.units import UnitForm
from accounts.models import Unit
from accounts.operations import units
from accounts.operations.jurisdictions import is_over, is_removable
from accounts.queries.territory import jurisdictions_of
from accounts.queries.units import unit_tree, units_visible_to
from ui.refusals import show_refusal


@requires("unit.manage")
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "accounts/unit_list.html", {"branches": unit_tree(request.user, timezone.localdate())}
    )


@requires("unit.manage")
@require_safe
def unit_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    unit = unit_or_404(request, public_id)
    rows = [(row, is_removable(row)) for row in jurisdictions_of(unit)]
    context = {
        "unit": unit,
        "current": [pair for pair in rows if not is_over(pair[0])],
        "past": [row for row, _removable in rows if is_over(row)],
    }
    return render(request, "accounts/unit_detail.html", context)


@requires("unit.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def unit_add(request: HttpRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, user=request.user, initial={"parent": request.user.unit_id})  # type: ignore[union-attr]
    if request.method == "POST" and form.is_valid():
        try:
            unit = units.add(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("%(unit)s has been added.") % {"unit": unit.short_name})
            return redirect("accounts:unit-detail", unit.public_id)
    return render(request, "accounts/unit_form.html", {"form": form})


@requires("unit.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def unit_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    unit = unit_or_404(request, public_id)
    form = UnitForm(request.POST or None, user=request.user, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            units.update(unit=unit, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:unit-detail", unit.public_id)
    return render(request, "accounts/unit_form.html", {"form": form, "unit": unit})


@requires("unit.manage")
@require_POST
def unit_deactivate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    unit = unit_or_404(request, public_id)
    try:
        units.deactivate(unit=unit, by=request.user)
    except ValidationError as refusal:
        for text in refusal.messages:
            messages.error(request, text)
    else:
        messages.success(request, _("%(unit)s has been switched off.") % {"unit": unit.short_name})
    return redirect("accounts:unit-detail", unit.public_id)


@requires("unit.manage")
@require_POST
def unit_activate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    unit = unit_or_404(request, public_id)
    try:
        units.activate(unit=unit, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("%(unit)s has been switched on.") % {"unit": unit.short_name})
    return redirect("accounts:unit-detail", unit.public_id)


def unit_or_404(request: HttpRequest, public_id: UUID) -> Unit:
    """A unit of the administrator's scope; anything else does not exist."""
    return get_object_or_404(units_visible_to(request.user).select_related("parent"), public_id=public_id)

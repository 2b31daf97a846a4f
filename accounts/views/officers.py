"""Officers: the accounts, kept by administrators."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import open_work
from accounts.decorators import requires
from accounts.filters import OfficerFilter
from accounts.forms.officers import OfficerForm
from accounts.forms.open_work import PassOnForm
from accounts.models import Officer, Unit
from accounts.operations import links, officers, second_factor
from accounts.operations import open_work as passing_on
from accounts.queries.officers import colleagues, officers_visible_to
from accounts.queries.second_factor import factors_of
from accounts.queries.units import scope_of, unit_ids_below, unit_in_scope, units_visible_to
from accounts.views.links import show_once
from ui.htmx import wants_fragment
from ui.paging import page_of


@requires("officer.manage")
@require_safe
def officer_list(request: HttpRequest) -> HttpResponse:
    """Whole page, or the rows alone for htmx."""
    filterset = OfficerFilter(request.GET, queryset=officers_visible_to(request.user), user=request.user)
    page = page_of(filterset.qs, key="username", cursor=request.GET.get("after", ""))
    template = "accounts/_officer_rows.html" if wants_fragment(request) else "accounts/officer_list.html"
    return render(request, template, {"filter": filterset, "page": page})


@requires("officer.manage")
def officer_add(request: HttpRequest) -> HttpResponse:
    form = OfficerForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            officer = officers.add(by=request.user, **form.values())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The account %(name)s has been made.") % {"name": officer.username})
            show_once(request, links.issue(officer=officer, by=request.user))
            return redirect("accounts:officer-link", officer.public_id)
    return render(request, "accounts/officer_add.html", {"form": form})


@requires("officer.manage")
def officer_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    officer = _officer(request, public_id)
    form = OfficerForm(request.POST or None, user=request.user, officer=officer)
    if request.method == "POST" and form.is_valid():
        try:
            old_unit = officer.unit
            officers.update(officer=officer, by=request.user, **form.values())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("The account %(name)s has been changed.") % {"name": officer.username}
            )
            if officer.unit != old_unit and _work_of(request, officer):
                return _hand_over(officer, old_unit)
            return redirect("accounts:officer-list")
    context = {"form": form, "officer": officer, "has_factor": factors_of(officer).exists()}
    return render(
        request, "accounts/officer_edit.html", {**context, "has_work": bool(_work_of(request, officer))}
    )


@requires("officer.manage")
@require_POST
def officer_deactivate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    officer = _officer(request, public_id)
    try:
        officers.deactivate(officer=officer, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        said = _("The account %(name)s has been switched off. Its sessions have ended.")
        messages.success(request, said % {"name": officer.username})
        if _work_of(request, officer):
            return _hand_over(officer, officer.unit)
    return redirect("accounts:officer-edit", officer.public_id)


@requires("officer.manage")
@require_POST
def officer_activate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    officer = _officer(request, public_id)
    try:
        officers.activate(officer=officer, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(
            request, _("The account %(name)s has been switched on.") % {"name": officer.username}
        )
    return redirect("accounts:officer-edit", officer.public_id)


@requires("officer.manage")
def officer_factor_reset(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The officer has lost the phone: asked once, then app, passkeys and codes go, and every session with them."""
    officer = _officer(request, public_id)
    if request.method == "POST":
        try:
            second_factor.reset(officer=officer, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            said = _("The second step of %(name)s has been reset. They are logged out everywhere.")
            messages.success(request, said % {"name": officer.full_name})
        return redirect("accounts:officer-edit", officer.public_id)
    context = {"officer": officer, "factors": factors_of(officer)}
    return render(request, "accounts/officer_factor_reset.html", context)


@requires("officer.manage")
def officer_hand_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The open work of one officer, by kind, and to whom of the unit it goes. ``unit`` is the one that was left;
    without it the officer's own, or where the work is."""
    officer = _officer(request, public_id)
    unit = unit_in_scope(request.user, request.GET.get("unit", "")) or _unit_of_work(request, officer)
    piles = open_work.of(officer, set(scope_of(request.user)) & set(unit_ids_below(unit.pk)))
    takers = colleagues(request.user, officer, unit.pk, {pile.kind.needs for pile in piles})
    form = PassOnForm(request.POST or None, takers=takers)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            count = passing_on.pass_on(officer=officer, to=to, by=request.user)
        except ValidationError as refusal:
            form.add_error("to", refusal)
        else:
            said = ngettext(
                "%(count)d piece of work passed on to %(name)s.",
                "%(count)d pieces of work passed on to %(name)s.",
                count,
            )
            messages.success(request, said % {"count": count, "name": to.formal_name})
            return redirect("accounts:officer-edit", officer.public_id)
    context = {"officer": officer, "unit": unit, "piles": piles, "form": form, "takers": takers.exists()}
    return render(request, "accounts/officer_hand_over.html", context)


def _work_of(request: HttpRequest, officer: Officer) -> list[open_work.Pile]:
    """As far as the administrator reaches: an officer who came from elsewhere may still have work there."""
    return open_work.of(officer, scope_of(request.user))


def _unit_of_work(request: HttpRequest, officer: Officer) -> Unit:
    units = [piece.unit_id for pile in _work_of(request, officer) for piece in pile.rows]
    if not units or set(units) & set(unit_ids_below(officer.unit_id)):
        return officer.unit
    return units_visible_to(request.user).get(pk=units[0])


def _hand_over(officer: Officer, unit: Unit) -> HttpResponse:
    address = reverse("accounts:officer-hand-over", args=[officer.public_id])
    return redirect(f"{address}?{urlencode({'unit': unit.public_id})}")


def _officer(request: HttpRequest, public_id: UUID) -> Officer:
    return get_object_or_404(officers_visible_to(request.user), public_id=public_id)

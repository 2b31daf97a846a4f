"""Officers: the accounts, kept by administrators."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import requires
from accounts.filters import OfficerFilter
from accounts.forms.officers import OfficerForm
from accounts.models import Officer
from accounts.operations import officers
from accounts.queries.officers import officers_visible_to
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
            return redirect("accounts:officer-list")
    return render(request, "accounts/officer_add.html", {"form": form})


@requires("officer.manage")
def officer_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    officer = _officer(request, public_id)
    form = OfficerForm(request.POST or None, user=request.user, officer=officer)
    if request.method == "POST" and form.is_valid():
        try:
            officers.update(officer=officer, by=request.user, **form.values())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("The account %(name)s has been changed.") % {"name": officer.username}
            )
            return redirect("accounts:officer-list")
    return render(request, "accounts/officer_edit.html", {"form": form, "officer": officer})


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
    return redirect("accounts:officer-edit", officer.public_id)


@requires("officer.manage")
@require_POST
def officer_activate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    officer = officers.activate(officer=_officer(request, public_id), by=request.user)
    messages.success(request, _("The account %(name)s has been switched on.") % {"name": officer.username})
    return redirect("accounts:officer-edit", officer.public_id)


def _officer(request: HttpRequest, public_id: UUID) -> Officer:
    return get_object_or_404(officers_visible_to(request.user), public_id=public_id)

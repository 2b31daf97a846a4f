"""Outreach: appeals to the public and internal sessions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from events.filters import OutreachFilter
from events.forms.outreach import OutreachForm
from events.models import Outreach
from events.operations import outreach as operations
from events.queries.outreach import outreach_visible_to, with_outreach_place
from events.queries.programs import programs_visible_to
from events.rules import can_change_outreach
from ui.htmx import wants_fragment
from ui.paging import PAGE_SIZE
from ui.refusals import show_refusal


@requires("outreach.view")
@require_safe
def outreach_list(request: HttpRequest) -> HttpResponse:
    """The latest first; what has no date stands at the end."""
    user: Any = request.user
    filters = OutreachFilter(request.GET, queryset=outreach_visible_to(user), request=request)
    found = with_outreach_place(filters.qs).order_by(F("held_on").desc(nulls_last=True), "-pk")
    start = _start(request)
    rows = list(found[start : start + PAGE_SIZE + 1])
    query = {key: value for key, value in request.GET.items() if key != "from" and value}
    context = {
        "filters": filters,
        "rows": rows[:PAGE_SIZE],
        "more": "?" + urlencode({**query, "from": start + PAGE_SIZE}) if len(rows) > PAGE_SIZE else "",
        "is_narrowed": bool(set(query) - {"q"}),
        "is_searched": bool(query),
        "can_add": user.can("outreach.change"),
    }
    template = "events/_outreach_rows.html" if wants_fragment(request) else "events/outreach_list.html"
    return render(request, template, context)


@requires("outreach.view")
@require_safe
def outreach_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    outreach = _outreach(request, public_id)
    user: Any = request.user
    program = outreach.program
    sees_program = program is not None and programs_visible_to(user).filter(pk=program.pk).exists()
    context = {
        "outreach": outreach,
        "program": program if sees_program else None,
        "can_change": can_change_outreach(user, outreach),
    }
    return render(request, "events/outreach_detail.html", context)


@requires("outreach.change")
@require_http_methods(["GET", "POST"])
def outreach_add(request: HttpRequest) -> HttpResponse:
    form = OutreachForm(
        request.POST if request.method == "POST" else None, user=request.user, initial=_suggested(request)
    )
    if request.method == "POST" and form.is_valid():
        try:
            outreach = operations.create(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("The record is there."))
            return redirect("events:outreach-detail", outreach.public_id)
    return render(request, "events/outreach_form.html", {"form": form})


@requires("outreach.change")
@require_http_methods(["GET", "POST"])
def outreach_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    outreach = _outreach(request, public_id)
    if not can_change_outreach(request.user, outreach):
        raise PermissionDenied
    form = OutreachForm(
        request.POST if request.method == "POST" else None, user=request.user, outreach=outreach
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.update(outreach=outreach, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:outreach-detail", outreach.public_id)
    return render(request, "events/outreach_form.html", {"form": form, "outreach": outreach})


def _outreach(request: HttpRequest, public_id: UUID) -> Outreach:
    return get_object_or_404(with_outreach_place(outreach_visible_to(request.user)), public_id=public_id)


def _start(request: HttpRequest) -> int:
    typed = request.GET.get("from", "")
    return int(typed) if typed.isdecimal() and len(typed) <= 5 else 0


def _suggested(request: HttpRequest) -> dict[str, Any]:
    """The programme from whose page they came."""
    try:
        asked = UUID(request.GET.get("program", ""))
    except ValueError:
        return {}
    program = programs_visible_to(request.user).filter(public_id=asked).first()
    return {"program": program.pk} if program else {}

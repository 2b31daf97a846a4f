"""Attendance sheets on paper: printed before, typed in afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from events import paperwork
from events.choices import WalkInConsent
from events.forms.key_in import KeyInForm, SheetForm
from events.models import AttendanceSheet, Event
from events.operations import key_in, sheets
from events.queries.key_in import walk_ins_typed_in
from events.queries.sheets import SheetRow, rows_of, sheets_of, sheets_visible_to, was_just_typed_in
from events.rules import can_record_pledges, can_run_door, may_be_asked_to_pledge
from events.views.reach import event_at_door
from ui.downloads import download
from ui.refusals import first_message, show_refusal

CONSENTS = [
    (WalkInConsent.TONIGHT, gettext_lazy("Tonight only")),
    (WalkInConsent.KEEP, gettext_lazy("Keep")),
    (WalkInConsent.ANONYMOUS, gettext_lazy("Without a name")),
]


def paper_summary(user: Any, event: Event) -> dict[str, Any]:
    """What ``events/_papers_card.html`` needs beside ``event``. No query."""
    return {"can_print": can_run_door(user, event), "sheet_form": SheetForm(user=user)}


@requires("door.run")
@require_safe
def sheet_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sheets of an event, to choose the one that was filled, and a form to print another."""
    return _list(request, event_at_door(request.user, public_id))


@requires("door.run")
@require_http_methods(["GET", "POST"])
def sheet_make(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A sheet to print. The page that refused a number of rows leads back to the papers when it is loaded again."""
    event = event_at_door(request.user, public_id)
    if request.method != "POST":
        return redirect("events:sheet-list", event.public_id)
    form = SheetForm(request.POST, user=request.user)
    if not form.is_valid():
        return _list(request, event, sheet_form=form)
    try:
        sheet = sheets.make(event=event, by=request.user, blank_rows=form.cleaned_data["blank_rows"])
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("events:sheet-list", event.public_id)
    return _as_pdf(sheet)


@requires("door.run")
@require_POST
def sheet_print(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same sheet once more, with the same numbers."""
    sheet = _sheet(request, public_id)
    sheets.note_printed(sheet=sheet, by=request.user)
    return _as_pdf(sheet)


@requires("door.run")
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_key_in(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The grid, as numbered on the paper. Rows that could not be taken stay on the page with what was typed.

    Whoever scans the paper when the event is closed already is led to the roll, which can still be read.
    """
    sheet = _sheet_or_404(request, public_id)
    if not can_run_door(request.user, sheet.event):
        if request.method == "POST":
            raise PermissionDenied
        messages.info(request, _("This event is closed: the list can be read, nothing can be marked."))
        return redirect("events:roll", sheet.event.public_id)
    filled = walk_ins_typed_in(sheet)
    data = request.POST if request.method == "POST" else None
    form = KeyInForm(data, user=request.user, sheet=sheet, filled=filled)
    if request.method == "POST" and form.is_valid():
        try:
            result = key_in.key_in(
                sheet=sheet,
                by=request.user,
                at=form.at,
                present=form.marked,
                pledged=form.pledged if can_record_pledges(request.user, sheet.event) else (),
                delegates=form.delegates(),
                walk_ins={number: key_in.WalkIn(**row) for number, row in form.guests().items()},
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _said(result))
            if not result.refused:
                return redirect("events:sheet-key-in", sheet.public_id)
            form.refusals = {n: first_message(error) for n, error in result.refused.items()}
            filled = walk_ins_typed_in(sheet)
    return render(request, "events/sheet_key_in.html", _grid(request, sheet, form, filled))


def _list(request: HttpRequest, event: Event, **more: Any) -> HttpResponse:
    context = {"event": event, "sheets": sheets_of(event), **paper_summary(request.user, event), **more}
    return render(request, "events/sheet_list.html", context)


def _grid(request: HttpRequest, sheet: AttendanceSheet, form: KeyInForm, filled: Any) -> dict[str, Any]:
    event, rows = sheet.event, rows_of(sheet)
    asks = event.pledge_text is not None and can_record_pledges(request.user, event)
    present = sum(row.is_present for row in rows) + len(filled)
    ticked = sum(row.number in form.marked and not row.is_present for row in rows)
    return {
        "event": event,
        "sheet": sheet,
        "form": form,
        "asks_pledge": asks,
        "rows": [_row(row, form, asks) for row in rows],
        "filled": [(number, person, was_just_typed_in(person)) for number, person in sorted(filled.items())],
        "blank": [
            {"number": n, **form.typed(n), "refusal": form.refusals.get(n, "")}
            for n in form.blank
            if n not in filled
        ],
        "consents": CONSENTS,
        "refusals": sorted(form.refusals.items()),
        "present": present,
        "count": present + ticked + len(form.guests().keys() - filled.keys()),
    }


def _row(row: SheetRow, form: KeyInForm, asks: bool) -> dict[str, Any]:
    return {
        "row": row,
        "delegate": form.delegate(row.number),
        "is_ticked": row.number in form.marked,
        "is_typed": row.number in form.typed_numbers,
        "may_pledge": asks and row.person is not None and may_be_asked_to_pledge(row.person),
        "has_pledged": row.number in form.pledged,
        "refusal": form.refusals.get(row.number, ""),
    }


def _said(result: key_in.Result) -> str:
    parts = [
        ngettext("%(n)s marked present.", "%(n)s marked present.", result.marked) % {"n": result.marked},
    ]
    if result.walk_ins:
        said = ngettext("%(n)s walk-in.", "%(n)s walk-ins.", result.walk_ins)
        parts.append(said % {"n": result.walk_ins})
    if result.pledged:
        said = ngettext("%(n)s joint commitment.", "%(n)s joint commitments.", result.pledged)
        parts.append(said % {"n": result.pledged})
    if result.already:
        parts.append(_("%(n)s were in already.") % {"n": result.already})
    return " ".join(parts)


def _sheet(request: HttpRequest, public_id: UUID) -> AttendanceSheet:
    sheet = _sheet_or_404(request, public_id)
    if not can_run_door(request.user, sheet.event):
        raise PermissionDenied
    return sheet


def _sheet_or_404(request: HttpRequest, public_id: UUID) -> AttendanceSheet:
    sheets_seen = sheets_visible_to(request.user).select_related(
        "event__host_unit", "event__region", "event__pledge_text"
    )
    sheet: AttendanceSheet = get_object_or_404(sheets_seen, public_id=public_id)
    return sheet


def _as_pdf(sheet: AttendanceSheet) -> HttpResponse:
    pdf = paperwork.attendance_sheet(sheet, rows_of(sheet))
    return download(pdf, paperwork.file_name(_("Attendance list"), sheet.event, "pdf"))

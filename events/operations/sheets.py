"""Attendance sheets: printed, and printed again. A list of names that leaves the house is written in the audit."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.recording import record
from events.models import AttendanceSheet, Event
from events.models.sheet import MOST_BLANK_ROWS
from events.operations.locking import lock_open
from events.queries.sheets import latest_sheet, people_on_paper


@transaction.atomic
def make(*, event: Event, by: Any, blank_rows: int = 10) -> AttendanceSheet:
    """The sheet to print now: a new one, or the last one when nobody came or went since, so that its numbers hold.

    :param blank_rows: rows left empty for guests who were not asked.
    :raises ValidationError: ``event_closed``, ``blank_rows``.
    """
    lock_open(event)
    if not 0 <= blank_rows <= MOST_BLANK_ROWS:
        raise ValidationError(
            _("At most %(most)s empty rows.") % {"most": MOST_BLANK_ROWS}, code="blank_rows"
        )
    rows = [person.public_id.hex for person in people_on_paper(event)]
    sheet = latest_sheet(event)
    if sheet is None or sheet.rows != rows or sheet.blank_rows != blank_rows:
        sheet = AttendanceSheet(event=event, made_by_id=by.pk, rows=rows, blank_rows=blank_rows)
        sheet.save(force_insert=True)
    note_printed(sheet=sheet, by=by)
    return sheet


@transaction.atomic
def note_printed(*, sheet: AttendanceSheet, by: Any) -> None:
    """Keep who printed the names of a sheet, for the first time or again."""
    record(by=by, verb="sheet.printed", obj=sheet, event=sheet.event.public_id)

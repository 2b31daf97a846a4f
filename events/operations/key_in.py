"""A filled sheet, typed in. Its marks become the same facts as those of the roll, with the paper as their source.

Each row stands by itself and in a transaction of its own: a bad one hides no other, and the phones at the door never
wait for a whole sheet. Typing the same sheet in once more changes nothing: each fact is named by sheet, row and person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import record
from events.choices import PledgeChannel, ScanSource
from events.models import AttendanceSheet, Event, Participant
from events.operations import attendance, delegations, pledges
from events.queries.key_in import is_written, name_of_fact, pledged_before
from events.queries.sheets import SheetRow, rows_of

# Somebody may come before the announced hour; a day before is a slip of the pen.
_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class WalkIn:
    """What stands in an empty row of the sheet."""

    name: str
    contact: str
    consent: str


@dataclass
class Result:
    """How many rows became what; ``refused`` says, by number, why a row was not taken."""

    marked: int = 0
    already: int = 0
    walk_ins: int = 0
    pledged: int = 0
    refused: dict[int, ValidationError] = field(default_factory=dict)


def key_in(
    *,
    sheet: AttendanceSheet,
    by: Any,
    at: datetime,
    present: Iterable[int] = (),
    pledged: Iterable[int] = (),
    walk_ins: Mapping[int, WalkIn] | None = None,
    delegates: Mapping[int, str] | None = None,
) -> Result:
    """Write down who signed a sheet.

    :param at: when they came, as the officer says it; never in the future.
    :param present: numbers of the sheet. Who is marked already keeps the mark and its time.
    :param pledged: numbers of those who agreed to the joint commitment on paper; whoever signed that was there. A
        pledge that was taken back is not written again.
    :param walk_ins: what stands in the empty rows, by number.
    :param delegates: who signed for an organisation that had named nobody, by number.
    :raises ValidationError: ``event_closed``, ``at``. What concerns a row stands in the result instead.
    """
    event = sheet.event
    _require_open(event)
    _require_plausible(event, at)
    agreed, named, result = set(pledged), delegates or {}, Result()
    rows = {row.number: row for row in rows_of(sheet)}
    for number in sorted(set(present) | agreed | set(named)):
        with _row(result, number):
            _name(rows.get(number), named.get(number, ""), by)
            _mark(result, sheet, rows.get(number), by, at)
    before = pledged_before(event, [rows[n].person for n in agreed if n in rows])
    for number in sorted(agreed - set(result.refused)):
        with _row(result, number):
            _pledge(result, event, rows[number].person, by, at, before)
    for number, guest in sorted((walk_ins or {}).items()):
        with _row(result, number):
            _walk_in(result, sheet, number, guest, by, at)
    _note(sheet, by)
    return result


@contextmanager
def _row(result: Result, number: int) -> Iterator[None]:
    try:
        yield
    except ValidationError as refusal:
        result.refused[number] = refusal


def _name(row: SheetRow | None, name: str, by: Any) -> None:
    """A name that is known already stays: the paper was printed before it was."""
    if name.strip() and row is not None and row.person is not None and row.waits_for_name:
        delegations.name(participant=row.person, name=name, by=by)


def _mark(result: Result, sheet: AttendanceSheet, row: SheetRow | None, by: Any, at: datetime) -> None:
    if row is None:
        raise ValidationError(_("This number is not on the sheet."), code="unknown_number")
    if row.person is None:
        message = _("Taken off the list after printing. If they came, write them in an empty row.")
        raise ValidationError(message, code="gone")
    if row.is_present:
        result.already += 1
        return
    outcome = attendance.record(
        event=sheet.event,
        participant=row.person,
        by=by,
        at=at,
        client_uuid=name_of_fact(sheet, row.number, row.person.public_id.hex),
        source=ScanSource.PAPER,
    )
    if outcome.state == attendance.ABSENT:
        message = _("Was undone after it had been typed in. Mark this person on the roll.")
        raise ValidationError(message, code="undone")
    result.marked += outcome.state == attendance.PRESENT
    result.already += outcome.state != attendance.PRESENT


def _pledge(
    result: Result, event: Event, person: Participant | None, by: Any, at: datetime, before: set[int]
) -> None:
    if person is None or event.pledge_text is None or person.pk in before:
        return
    outcome = pledges.record(
        participant=person, text=event.pledge_text, channel=PledgeChannel.PAPER, by=by, at=at
    )
    result.pledged += outcome.is_new


def _walk_in(
    result: Result, sheet: AttendanceSheet, number: int, guest: WalkIn, by: Any, at: datetime
) -> None:
    if not len(sheet.rows) < number <= sheet.last_number:
        raise ValidationError(_("This number is not on the sheet."), code="unknown_number")
    client_uuid = name_of_fact(sheet, number, guest.name)
    is_known = is_written(client_uuid)
    attendance.walk_in(
        event=sheet.event,
        by=by,
        name=guest.name,
        contact=guest.contact,
        consent=guest.consent,
        at=at,
        client_uuid=client_uuid,
        source=ScanSource.PAPER,
    )
    result.walk_ins += not is_known
    result.already += is_known


@transaction.atomic
def _note(sheet: AttendanceSheet, by: Any) -> None:
    record(by=by, verb="sheet.keyed", obj=sheet, event=sheet.event.public_id)


def _require_open(event: Event) -> None:
    if not event.is_open:
        message = _("The event is %(state)s; nobody can be marked any more.")
        raise ValidationError(
            message, code="event_closed", params={"state": str(event.get_state_display()).lower()}
        )


def _require_plausible(event: Event, at: datetime) -> None:
    if at > timezone.now():
        raise ValidationError({"time": ValidationError(_("This is still to come."), code="at")})
    if event.starts_at is not None and at < event.starts_at - _BEFORE:
        raise ValidationError({"day": ValidationError(_("This is before the event."), code="at")})

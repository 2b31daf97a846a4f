"""Writing what a batch from the door brings, whatever its size: the scans, whom they make present, and what the phone
said of itself. One statement on PostgreSQL; on SQLite, where a writer is alone, one for each table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from accounts.models import Officer
from audit import lines
from audit.arrays import literal, words
from audit.lines import Line
from events.choices import ScanKind, ScanSource
from events.models import Attendance, Device, Scan
from events.operations.devices import note_call
from events.queries.devices import heard_until
from partners.operations.partners import attendances_part, note_attendances


@dataclass(slots=True)
class Row:
    """One scan to write. With ``wins`` it is the fact by which the participant is present."""

    client_uuid: UUID
    participant_id: int | None
    state: str
    review_reason: str
    at: datetime
    device_at: datetime
    device_sequence: int
    wins: bool


@dataclass(frozen=True)
class Call:
    """What the phone said beside its items. ``now`` is when it was heard."""

    device: Device
    now: datetime
    waiting: int | None
    last_sequence: int
    clock_offset_ms: int | None
    client_version: str


@dataclass(frozen=True)
class Written:
    """``seated`` are the participants for whom the winning fact stands; somebody on the roll may have been quicker.
    ``others_waiting`` counts the event's other phones that have not reported, where it was asked along."""

    seated: Collection[int]
    others_waiting: int | None


_STATEMENT = """
WITH r AS (
  SELECT nextval('events_scan_id_seq') AS id, r.*, {seat} AS seat
  FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::int[],
      %s::bool[])
    AS r(client_uuid, participant_id, state, reason, at, device_at, sequence, wins)
), written AS (
  INSERT INTO events_scan (id, client_uuid, event_id, participant_id, kind, source, state, review_reason, by_id, at,
    received_at, device_id, device_sequence, device_at, clock_offset_ms)
  SELECT id, client_uuid, %s::bigint, participant_id, 'present', 'door', state, reason, %s::bigint, at,
    %s::timestamptz, %s::uuid, sequence, device_at, %s::int
  FROM r {once} RETURNING id
), seated AS (
  INSERT INTO events_attendance (participant_id, event_id, scan_id, at, by_id)
  SELECT seat, %s::bigint, id, at, %s::bigint FROM r WHERE wins ORDER BY participant_id
  {earliest}
  RETURNING participant_id
), noted AS ({noted}), audited AS ({audit}), dated AS ({days})
SELECT (SELECT count(*) FROM written), ARRAY(SELECT participant_id FROM seated), {others}
"""
_ONCE = "ON CONFLICT DO NOTHING"
# Nobody where somebody else holds the participant, or took the name away meanwhile; and an attendance of nobody is
# refused.
_IF_FREE = """
    (SELECT p.id FROM events_participant p WHERE p.id = r.participant_id AND p.display_name <> ''
      FOR NO KEY UPDATE SKIP LOCKED)"""
_EARLIEST = """
  ON CONFLICT (participant_id) DO UPDATE SET scan_id = EXCLUDED.scan_id, at = EXCLUDED.at, by_id = EXCLUDED.by_id
    WHERE EXCLUDED.at < events_attendance.at
      OR (EXCLUDED.at = events_attendance.at AND events_attendance.scan_id = ANY(%s::bigint[]))
"""
_NOTED = """
  UPDATE events_device SET last_seen_at = %s::timestamptz, waiting = COALESCE(%s::int, waiting),
    last_sequence = GREATEST(last_sequence, %s::int), clock_offset_ms = COALESCE(%s::bigint, clock_offset_ms),
    client_version = %s::text
  WHERE id = %s::bigint
"""
# :func:`events.queries.devices.unreported`.
_OTHERS = """
  (SELECT count(*) FROM events_device WHERE event_id = %s::bigint AND id <> %s::bigint
     AND (waiting > 0 OR last_seen_at < CASE WHEN last_sequence > 0 THEN %s::timestamptz ELSE %s::timestamptz END)
     AND token_hash IS NOT NULL AND revoked_at IS NULL AND prepared_at IS NOT NULL AND expires_at > %s::timestamptz)
"""


@dataclass(frozen=True)
class Beside:
    """What is written along: lines of the audit, and the day on which partners came."""

    lines: list[Line]
    days: dict[int, date]


def is_one_statement() -> bool:
    """Whether :func:`write` is a transaction of its own."""
    return bool(connection.vendor == "postgresql")


def write(call: Call, rows: list[Row], beaten: list[int] | None, beside: Beside) -> Written:
    """
    :param beaten: the scans by which people are present now and that a row of the same moment beats. None says that
        the rows are the first of their people, whom the caller does not hold.
    :raises IntegrityError: one of the names or numbers is taken, or, of people who are not held, one is present or is
        held by somebody else; nothing is written then.
    """
    if connection.vendor == "postgresql":
        return _in_one(call, rows, beaten, beside)
    return _in_turn(call, rows, beside)


def _in_one(call: Call, rows: list[Row], beaten: list[int] | None, beside: Beside) -> Written:
    device = call.device
    columns = [
        literal([row.client_uuid for row in rows]),
        literal([row.participant_id for row in rows]),
        words([row.state for row in rows]),
        words([row.review_reason for row in rows]),
        literal([row.at for row in rows]),
        literal([row.device_at for row in rows]),
        literal([row.device_sequence for row in rows]),
        literal([row.wins for row in rows]),
    ]
    event_id, by_id = _number(device.event_id), _number(device.officer_id)
    scans: list[Any] = [event_id, by_id, call.now, device.public_id, _number(call.clock_offset_ms)]
    seats: list[Any] = [event_id, by_id]
    seat, once, earliest = _IF_FREE, "", ""
    if beaten is not None:
        seat, once, earliest = "r.participant_id", _ONCE, _EARLIEST
        seats.append(literal(beaten))
    unit = "(SELECT unit_id FROM accounts_officer WHERE id = %s::bigint)"
    audit, audited = lines.part(
        beside.lines, actor_id=device.officer_id, actor_unit=unit, event=device.event.public_id
    )
    days, dated = attendances_part(beside.days)
    statement = _STATEMENT.format(
        seat=seat, once=once, earliest=earliest, audit=audit, days=days, noted=_NOTED, others=_OTHERS
    )
    parameters = [*columns, *scans, *seats, *_noted(call), *audited, *dated, *_asked(call)]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        written, seated, others_waiting = cursor.fetchone()
    if written != len(rows):
        raise IntegrityError("A name or a number of this batch is taken.")
    return Written(set(seated), others_waiting)


def _in_turn(call: Call, rows: list[Row], beside: Beside) -> Written:
    device = call.device
    scans = Scan.objects.bulk_create(
        [
            Scan(
                client_uuid=row.client_uuid,
                event_id=device.event_id,
                participant_id=row.participant_id,
                kind=ScanKind.PRESENT,
                source=ScanSource.DOOR,
                state=row.state,
                review_reason=row.review_reason,
                by_id=device.officer_id,
                at=row.at,
                device_id=device.public_id,
                device_sequence=row.device_sequence,
                device_at=row.device_at,
                clock_offset_ms=call.clock_offset_ms,
            )
            for row in rows
        ]
    )
    seats = [
        Attendance(
            participant_id=row.participant_id,
            event_id=device.event_id,
            scan=scan,
            at=row.at,
            by_id=device.officer_id,
        )
        for row, scan in zip(rows, scans, strict=True)
        if row.wins and row.participant_id is not None
    ]
    Attendance.objects.bulk_create(
        seats, update_conflicts=True, unique_fields=["participant"], update_fields=["scan", "at", "by_id"]
    )
    note(call)
    unit = Officer.objects.filter(pk=device.officer_id).order_by().values_list("unit_id", flat=True).first()
    lines.write(beside.lines, actor_id=device.officer_id, actor_unit_id=unit, event=device.event.public_id)
    note_attendances(beside.days)
    return Written({seat.participant_id for seat in seats}, None)


def _number(value: int | None) -> str | None:
    """As text: the driver would give it a type by its size, and each type has a statement of its own."""
    return None if value is None else str(value)


def _noted(call: Call) -> list[Any]:
    said = [_number(call.waiting), _number(call.last_sequence), _number(call.clock_offset_ms)]
    return [call.now, *said, call.client_version, _number(call.device.pk)]


def _asked(call: Call) -> list[Any]:
    since = heard_until(call.device.event, call.now)
    return [_number(call.device.event_id), _number(call.device.pk), since.noted, since.idle, call.now]


def note(call: Call) -> int | None:
    """Only what the phone said of itself. Returns :attr:`Written.others_waiting`."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"{_NOTED} RETURNING {_OTHERS}", [*_noted(call), *_asked(call)])
            row = cursor.fetchone()
        return row[0] if row else None
    note_call(
        device=call.device,
        waiting=call.waiting,
        last_sequence=call.last_sequence,
        clock_offset_ms=call.clock_offset_ms,
        client_version=call.client_version,
        at=call.now,
    )
    return None

"""Writing facts, and keeping attendance what the facts say. Part of the roll's and the door's operations."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording
from events.choices import ParticipantKind, ScanSource
from events.derivation import derive
from events.models import Attendance, Event, Participant, Scan
from events.queries.facts import Fact, facts_about
from events.queries.matches import same_people
from partners.operations.partners import note_attendance
from ui.times import at_place


@dataclass(frozen=True)
class Origin:
    """Where a fact was noted: on the roll, or on a phone, under its own number and by its own clock."""

    source: str = ScanSource.ROLL
    device_id: uuid.UUID | None = None
    device_sequence: int | None = None
    device_at: datetime | None = None
    clock_offset_ms: int | None = None


ROLL = Origin()


class Moved(IntegrityError):
    """While we waited somebody said that a walk-in is another guest, or marked the person whose facts we had read. What
    is held is let go by going back, and held anew: whoever takes one more out of turn may wait for somebody who waits
    for us."""


def new_scan(
    event_id: int,
    participant_id: int | None,
    kind: str,
    by_id: int | None,
    at: datetime | None = None,
    client_uuid: uuid.UUID | None = None,
    origin: Origin = ROLL,
    **more: Any,
) -> Scan:
    """A fact that is not written yet."""
    return Scan(
        client_uuid=client_uuid or uuid.uuid4(),
        event_id=event_id,
        participant_id=participant_id,
        kind=kind,
        source=origin.source,
        by_id=by_id,
        at=at or timezone.now(),
        device_id=origin.device_id,
        device_sequence=origin.device_sequence,
        device_at=origin.device_at,
        clock_offset_ms=origin.clock_offset_ms,
        **more,
    )


def copy(scan: Scan, state: str) -> Scan:
    """A row that was not written yet, whatever a rolled-back try left on the object."""
    fields = [field.attname for field in Scan._meta.concrete_fields if field.attname != "id"]
    return Scan(**{**{name: getattr(scan, name) for name in fields}, "state": state})


def as_fact(scan: Scan) -> Fact:
    """A scan just written, as the derivation reads it."""
    return Fact(
        scan.pk,
        scan.client_uuid,
        scan.participant_id,
        scan.kind,
        scan.state,
        "",
        scan.at,
        scan.by_id,
        scan.device_id,
        scan.device_sequence,
        scan.undoes_id,
        scan.undoes_uuid,
        scan.pledge_text_id,
        "",
    )


def hold(participant_id: int) -> None:
    """Hold the participant, but not its key: a first mark that commits meanwhile points at it and must not wait for us
    while we wait for its attendance.

    :raises ValidationError: ``gone`` when there is none any more.
    """
    rows = Participant.objects.select_for_update(no_key=True).filter(pk=participant_id)
    if rows.values_list("pk").first() is None:
        raise ValidationError(_("This person has been taken off the list."), code="gone")


def hold_whoever(participant: Participant) -> Participant:
    """:func:`hold` the person whom facts about this row of the list are about: a walk-in may have turned out to be
    another guest, and what a phone brings later of the one is about the other."""
    if participant.kind != ParticipantKind.WALK_IN:
        hold(participant.pk)
        return participant
    return hold_all([participant.pk]).get(participant.pk, participant)


def hold_all(ids: Iterable[int]) -> dict[int, Participant]:
    """:func:`hold` these, and of the walk-ins among them whom they are; these by the walk-in's key."""
    wanted = set(ids)
    while True:
        same = same_people(wanted)
        try:
            with transaction.atomic():
                for pk in sorted(wanted | {person.pk for person in same.values()}):
                    hold(pk)
                if same_people(wanted) != same:
                    raise Moved
        except Moved:
            continue
        return same


def settle(event_id: int, participant_id: int, facts: Iterable[Fact]) -> Attendance | None:
    """Make the row say what the facts say. The participant is held; but a first mark on the roll holds nobody, and may
    have come since the facts were read.

    :raises Moved: it came just now; the caller does it all once more.
    """
    known = list(facts)
    current = Attendance.objects.filter(participant_id=participant_id).first()
    if current is not None and current.scan_id not in {fact.pk for fact in known}:
        known = facts_about([participant_id])
    winner = derive(known)
    if winner is None:
        if current is not None:
            current.delete()
        return None
    if current is None:
        current = Attendance(participant_id=participant_id, event_id=event_id)
    if current.scan_id != winner.pk:
        current.scan_id, current.at, current.by_id = winner.pk, winner.at, winner.by_id
        try:
            current.save()
        except IntegrityError as error:
            raise Moved from error
    return current


def note_day(event: Event, participant: Participant, attendance: Attendance) -> None:
    """Keep the partner's last day, where this one is later."""
    partner = participant.partner
    day = at_place(attendance.at, event.timezone).date()
    if partner is not None and (partner.last_attended_on is None or partner.last_attended_on < day):
        note_attendance(partner.pk, day)


def follow_day(event: Event, participant: Participant, attendance: Attendance | None) -> None:
    """The partner's last day after facts were derived anew: an earlier mark may have moved it back over midnight."""
    partner = participant.partner
    known = partner.last_attended_on if partner is not None else None
    if attendance is None or (known and known > at_place(attendance.at, event.timezone).date()):
        note_latest_day(participant)
    else:
        note_day(event, participant, attendance)


def note_latest_day(participant: Participant) -> None:
    """After an undo: the last day on which the partner came to anything, or none."""
    if participant.partner_id is None:
        return
    latest = (
        Attendance.objects.filter(participant__partner_id=participant.partner_id)
        .select_related("event")
        .order_by("-at")
        .first()
    )
    note_attendance(participant.partner_id, None)
    if latest is not None:
        note_attendance(participant.partner_id, at_place(latest.at, latest.event.timezone).date())


def record(by: Any, verb: str, event: Event, participant: Participant) -> None:
    """A line of the audit about somebody at an event."""
    partner = participant.partner
    recording.record(
        by=by,
        verb=verb,
        obj=participant,
        unit_id=participant.unit_id or event.host_unit_id,
        subject=partner.public_id if partner is not None else None,
        event=event.public_id,
    )

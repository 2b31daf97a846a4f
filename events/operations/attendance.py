"""The roll and the door: facts go in as scans, and who is present is derived from them. One way for every source.

A first mark is written at once, without a lock: the unique rows decide, and whoever comes second meets the constraint,
is rolled back and goes the careful way, which holds the participant, reads the facts and derives again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Officer
from audit import recording
from events.choices import ScanKind, ScanSource, ScanState
from events.derivation import derive, standing
from events.models import Attendance, Event, Participant, Scan
from events.operations import walk_ins
from events.operations.walk_ins import Guest
from partners.operations.partners import note_attendance
from ui.times import at_place

UNDO_WITHIN = timedelta(minutes=15)
PRESENT, ALREADY, STILL, ABSENT = "present", "already", "still", "absent"
# Each try can lose against one other transaction; more than a few in a row does not happen.
_TRIES = 5


@dataclass(frozen=True)
class Outcome:
    """What came of a tap. ``state`` is present (this fact made it so), already (an earlier one did), still (undone, but
    somebody else's fact stands) or absent. ``known`` says that a walk-in turned out to be on the list."""

    state: str
    participant: Participant
    attendance: Attendance | None
    by: str
    at: datetime | None
    timezone: str
    known: bool = False

    @property
    def sentence(self) -> str:
        """What the officer reads, such as "Sari sudah masuk 19.42 oleh Petugas Kubar."."""
        said = {
            PRESENT: _("%(name)s is present: %(time)s."),
            ALREADY: _("%(name)s is already in: %(time)s by %(officer)s."),
            STILL: _("%(name)s stays present: %(officer)s marked it too, %(time)s."),
            ABSENT: _("%(name)s is no longer marked present."),
        }[self.state]
        if self.known and self.state == PRESENT:
            said = _("%(name)s was on the list and is now marked present: %(time)s.")
        time = f"{at_place(self.at, self.timezone):%H.%M}" if self.at else ""
        return said % {"name": self.participant, "time": time, "officer": self.by or _("the door")}


def record(
    *,
    event: Event,
    participant: Participant,
    by: Any,
    at: datetime | None = None,
    client_uuid: uuid.UUID | None = None,
    source: str = ScanSource.ROLL,
) -> Outcome:
    """Mark somebody present. However many officers tap, and however often it is sent again, one attendance stands.

    :param at: when it happened, now by default.
    :param client_uuid: the sender's name for this fact; sent again it changes nothing.
    :raises ValidationError: ``event_closed``; ``gone`` when the participant was taken off the list meanwhile;
        ``uuid_taken`` when the client named another fact by it.
    """
    _require_open(event)
    scan = _scan(event, participant, ScanKind.PRESENT, by, at, client_uuid, source)
    if getattr(participant, "attendance", None) is None:
        try:
            return _first(event, participant, scan, by)
        except IntegrityError:
            scan = _scan(event, participant, ScanKind.PRESENT, by, scan.at, scan.client_uuid, source)
    return _insistently(lambda: _again(event, participant, scan, by))


def undo(
    *,
    participant: Participant,
    by: Any,
    at: datetime | None = None,
    client_uuid: uuid.UUID | None = None,
    source: str = ScanSource.ROLL,
) -> Outcome:
    """Take a mark back within 15 minutes: a fact that names the one it undoes.

    It undoes the fact that stands and what the same two officers repeated. Where another officer marked the person too,
    that fact stands then, and the answer says so. Undoing what is not marked changes nothing.

    :raises ValidationError: ``event_closed``, ``too_late``, ``gone``.
    """
    event = participant.event
    _require_open(event)
    return _insistently(
        lambda: _undo(event, participant, by, at or timezone.now(), client_uuid or uuid.uuid4(), source)
    )


def walk_in(
    *,
    event: Event,
    by: Any,
    consent: str,
    name: str = "",
    contact: str = "",
    at: datetime | None = None,
    client_uuid: uuid.UUID | None = None,
    source: str = ScanSource.ROLL,
) -> Outcome:
    """Let in somebody who was not asked: kept as a partner, known for tonight, or counted without a name.

    A phone that belongs to an active partner on this event's list marks that partner present instead. Who is to be
    kept belongs to the unit that polices the place, so an officer of an invited unit may let in a person whose page
    that officer cannot open.

    :param contact: a phone number or a handle; an address or "@name" (Instagram, unless the address says otherwise).
    :param consent: keep (told to the officer, *belum dikonfirmasi*), tonight (forgotten 30 days after), anonymous.
    :raises ValidationError: ``event_closed``, ``required``, ``too_long``, ``unknown``, ``phone``, the codes of a
        handle, those of :func:`partners.operations.partners.register`; fields are ``name``, ``contact``, ``consent``.
    """
    _require_open(event)
    guest = walk_ins.read(name=name, contact=contact, consent=consent)
    client_uuid = walk_ins.name_of_fact(event, guest, client_uuid)
    met = _met(event, guest, by, at, client_uuid, source)
    if met is not None:
        return met
    try:
        with transaction.atomic():
            participant = walk_ins.add(event=event, guest=guest, by=by, at=at)
            scan = _scan(event, participant, ScanKind.WALK_IN, by, at, client_uuid, source)
            return _first(event, participant, scan, by)
    except IntegrityError:
        met = _met(event, guest, by, at, client_uuid, source)
        if met is None:
            raise
        return met


def _first(event: Event, participant: Participant, scan: Scan, by: Any) -> Outcome:
    """The usual case in the fewest statements: nobody marked this person yet, so the new fact is the one that wins.

    :raises IntegrityError: somebody did meanwhile, or the fact was sent before.
    """
    with transaction.atomic():
        scan.save()
        attendance = Attendance(
            participant_id=participant.pk, event_id=event.pk, scan_id=scan.pk, at=scan.at, by_id=scan.by_id
        )
        attendance.save(force_insert=True)
        _record(by, f"attendance.{scan.kind}", event, participant)
        _note(event, participant, attendance)
    return Outcome(PRESENT, participant, attendance, by.full_name, attendance.at, event.timezone)


def _again(event: Event, participant: Participant, scan: Scan, by: Any) -> Outcome:
    """The careful way: hold the participant, add the fact unless it is known, derive from all."""
    with transaction.atomic():
        _lock(participant)
        scans = _scans_of(participant, scan.client_uuid)
        sent = _known(scans, scan.client_uuid, participant)
        if sent is None:
            scan = _copy(scan, ScanState.DUPLICATE if standing(scans) else ScanState.ACCEPTED)
            scan.save()
            scans.append(scan)
            verb = "attendance.repeated" if scan.state == ScanState.DUPLICATE else f"attendance.{scan.kind}"
            _record(by, verb, event, participant)
        attendance = _derived(event, participant, scans)
        if attendance is None:
            state = ABSENT
        else:
            state = PRESENT if attendance.scan_id == (sent or scan).pk else ALREADY
            _note(event, participant, attendance)
    return _outcome(state, event, participant, attendance)


def _undo(
    event: Event, participant: Participant, by: Any, at: datetime, client_uuid: uuid.UUID, source: str
) -> Outcome:
    with transaction.atomic():
        _lock(participant)
        scans = _scans_of(participant, client_uuid)
        winner = derive(scans)
        if winner is not None and _known(scans, client_uuid, participant) is None:
            _require_in_time(winner, at)
            officers = {winner.by_id, by.pk}
            for fact in [fact for fact in standing(scans) if fact is winner or fact.by_id in officers]:
                undone = _scan(event, participant, ScanKind.UNDO, by, at, client_uuid, source)
                undone.undoes_id = fact.pk
                undone.save()
                scans.append(undone)
                client_uuid = uuid.uuid4()
            _record(by, "attendance.undone", event, participant)
        attendance = _derived(event, participant, scans)
        _note_latest(participant)
    return _outcome(STILL if attendance else ABSENT, event, participant, attendance)


def _derived(event: Event, participant: Participant, scans: list[Scan]) -> Attendance | None:
    """Make the row say what the facts say."""
    winner = derive(scans)
    current = Attendance.objects.filter(participant_id=participant.pk).first()
    if winner is None:
        if current is not None:
            current.delete()
        return None
    if current is None:
        current = Attendance(participant_id=participant.pk, event_id=event.pk)
    if current.scan_id != winner.pk:
        current.scan_id, current.at, current.by_id = winner.pk, winner.at, winner.by_id
        current.save()
    return current


def _insistently(attempt: Callable[[], Outcome]) -> Outcome:
    """Once more when somebody else was quicker: the next try sees what they wrote."""
    for _left in range(_TRIES - 1):
        try:
            return attempt()
        except IntegrityError:
            continue
    return attempt()


def _lock(participant: Participant) -> None:
    """Hold the participant, but not its key: a first mark that commits meanwhile points at it and must not wait for us
    while we wait for its attendance."""
    rows = Participant.objects.select_for_update(no_key=True).filter(pk=participant.pk)
    if rows.values_list("pk").first() is None:
        raise ValidationError(_("This person has been taken off the list."), code="gone")


def _scans_of(participant: Participant, client_uuid: uuid.UUID) -> list[Scan]:
    """The facts about one person, and whatever else the client has named by this UUID. Never those of an event."""
    own = list(Scan.objects.filter(participant_id=participant.pk).order_by("pk"))
    if all(scan.client_uuid != client_uuid for scan in own):
        own += Scan.objects.filter(client_uuid=client_uuid)
    return own


def _known(scans: list[Scan], client_uuid: uuid.UUID, participant: Participant) -> Scan | None:
    sent = next((scan for scan in scans if scan.client_uuid == client_uuid), None)
    if sent is not None and sent.participant_id != participant.pk:
        raise ValidationError(_("This was already sent for somebody else."), code="uuid_taken")
    return sent


def _met(
    event: Event, guest: Guest, by: Any, at: datetime | None, client_uuid: uuid.UUID, source: str
) -> Outcome | None:
    """Who is in already by this very fact, or stands on the list and is marked present now; else nobody."""
    sent = Scan.objects.filter(client_uuid=client_uuid, event=event).select_related("participant").first()
    if sent is not None:
        attendance = Attendance.objects.filter(participant_id=sent.participant_id).first()
        return _outcome(PRESENT if attendance else ABSENT, event, sent.participant, attendance)
    known = walk_ins.on_the_list(event, guest)
    if known is None:
        return None
    outcome = record(event=event, participant=known, by=by, at=at, client_uuid=client_uuid, source=source)
    return replace(outcome, known=True)


def _outcome(state: str, event: Event, participant: Participant, attendance: Attendance | None) -> Outcome:
    if attendance is None:
        return Outcome(state, participant, None, "", None, event.timezone)
    names = Officer.objects.filter(pk=attendance.by_id or 0).order_by().values_list("full_name", flat=True)
    return Outcome(state, participant, attendance, names.first() or "", attendance.at, event.timezone)


def _scan(
    event: Event,
    participant: Participant,
    kind: str,
    by: Any,
    at: datetime | None,
    client_uuid: uuid.UUID | None,
    source: str,
) -> Scan:
    return Scan(
        client_uuid=client_uuid or uuid.uuid4(),
        event_id=event.pk,
        participant_id=participant.pk,
        kind=kind,
        source=source,
        by_id=by.pk,
        at=at or timezone.now(),
    )


def _copy(scan: Scan, state: str) -> Scan:
    """A row that was not written yet, whatever a rolled-back try left on the object."""
    return Scan(
        client_uuid=scan.client_uuid,
        event_id=scan.event_id,
        participant_id=scan.participant_id,
        kind=scan.kind,
        source=scan.source,
        state=state,
        by_id=scan.by_id,
        at=scan.at,
    )


def _note(event: Event, participant: Participant, attendance: Attendance) -> None:
    """Keep the partner's last day, where this one is later."""
    partner = participant.partner
    day = at_place(attendance.at, event.timezone).date()
    if partner is not None and (partner.last_attended_on is None or partner.last_attended_on < day):
        note_attendance(partner.pk, day)


def _note_latest(participant: Participant) -> None:
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


def _record(by: Any, verb: str, event: Event, participant: Participant) -> None:
    partner = participant.partner
    recording.record(
        by=by,
        verb=verb,
        obj=participant,
        unit_id=participant.unit_id or event.host_unit_id,
        subject=partner.public_id if partner is not None else None,
        event=event.public_id,
    )


def _require_open(event: Event) -> None:
    if not event.is_open:
        message = _("The event is %(state)s; nobody can be marked any more.")
        raise ValidationError(
            message, code="event_closed", params={"state": str(event.get_state_display()).lower()}
        )


def _require_in_time(winner: Scan, at: datetime) -> None:
    if at - winner.at > UNDO_WITHIN:
        raise ValidationError(_("More than 15 minutes have passed; the mark stays."), code="too_late")

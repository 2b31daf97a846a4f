"""The roll and the door: facts go in as scans, and who is present is derived from them. One way for every source.

A first mark is written at once, without a lock: the unique rows decide, and whoever comes second meets the constraint,
is rolled back and goes the careful way, which holds the participant, reads the facts and derives again.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Officer
from events.choices import ParticipantKind, ScanKind, ScanSource, ScanState, WalkInConsent
from events.derivation import UNDO_WITHIN, derive, is_late, standing
from events.models import Attendance, Event, Participant, Scan
from events.operations import facts, walk_ins
from events.operations.facts import Origin, as_fact, new_scan
from events.operations.locking import insistently
from events.operations.walk_ins import Guest
from events.queries.facts import Fact, facts_about, known_among
from events.queries.key_in import typed_at
from events.queries.matches import who_is
from ui.times import at_place

__all__ = ["UNDO_WITHIN", "Outcome", "record", "undo", "walk_in"]
PRESENT, ALREADY, STILL, ABSENT = "present", "already", "still", "absent"


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
    origin: Origin | None = None,
) -> Outcome:
    """Mark somebody present. However many officers tap, and however often it is sent again, one attendance stands.

    :param at: when it happened, now by default.
    :param client_uuid: the sender's name for this fact; sent again it changes nothing.
    :param origin: the phone that noted it; ``source`` alone says roll or paper.
    :raises ValidationError: ``event_closed``; ``gone`` when the participant was taken off the list meanwhile;
        ``uuid_taken`` when the client named another fact by it.
    """
    _require_open(event)
    scan = new_scan(
        event.pk, participant.pk, ScanKind.PRESENT, by.pk, at, client_uuid, origin or Origin(source)
    )
    # A walk-in may be another guest by now, which only the careful way finds out.
    if participant.kind != ParticipantKind.WALK_IN and getattr(participant, "attendance", None) is None:
        try:
            return _first(event, participant, scan, by)
        except IntegrityError:
            scan = facts.copy(scan, ScanState.ACCEPTED)
    return insistently(lambda: _again(event, participant, scan, by))


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
    return insistently(
        lambda: _undo(
            event, participant, by, at or timezone.now(), client_uuid or uuid.uuid4(), Origin(source)
        )
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
    origin: Origin | None = None,
) -> Outcome:
    """Let in somebody who was not asked: kept as a partner, known for tonight, or counted without a name.

    A phone that belongs to an active partner on this event's list marks that partner present instead, and one that
    another phone noted for tonight marks that guest, who is kept when either of the two says so. Who is to be
    kept belongs to the unit that polices the place, so an officer of an invited unit may let in a person whose page
    that officer cannot open.

    :param contact: a phone number or a handle; an address or "@name" (Instagram, unless the address says otherwise).
    :param consent: keep (told to the officer, *belum dikonfirmasi*), tonight (forgotten 30 days after), anonymous.
    :raises ValidationError: ``event_closed``, ``required``, ``too_long``, ``unknown``, ``phone``, the codes of a
        handle, those of :func:`partners.operations.partners.register`; fields are ``name``, ``contact``, ``consent``.
    """
    _require_open(event)
    origin = origin or Origin(source)
    guest = walk_ins.read(name=name, contact=contact, consent=consent)
    with transaction.atomic():
        walk_ins.hold(event, guest)
        return _let_in(event, guest, by, at, client_uuid, origin)


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
        facts.record(by, f"attendance.{scan.kind}", event, participant)
        facts.note_day(event, participant, attendance)
    return Outcome(PRESENT, participant, attendance, by.full_name, attendance.at, event.timezone)


def _again(event: Event, participant: Participant, scan: Scan, by: Any) -> Outcome:
    """The careful way: hold the participant, add the fact unless it is known, derive from all."""
    with transaction.atomic():
        participant = facts.hold_whoever(participant)
        found = facts_about([participant.pk])
        sent = _known(found, scan.client_uuid)
        if sent is None:
            scan = facts.copy(scan, ScanState.DUPLICATE if standing(found) else ScanState.ACCEPTED)
            scan.participant_id = participant.pk
            scan.save()
            found.append(as_fact(scan))
            verb = "attendance.repeated" if scan.state == ScanState.DUPLICATE else f"attendance.{scan.kind}"
            facts.record(by, verb, event, participant)
        attendance = facts.settle(event.pk, participant.pk, found)
        if attendance is None:
            state = ABSENT
        else:
            state = PRESENT if attendance.scan_id == (sent or scan).pk else ALREADY
            facts.follow_day(event, participant, attendance)
    return _outcome(state, event, participant, attendance)


def _undo(
    event: Event, participant: Participant, by: Any, at: datetime, client_uuid: uuid.UUID, origin: Origin
) -> Outcome:
    with transaction.atomic():
        participant = facts.hold_whoever(participant)
        found = facts_about([participant.pk])
        winner = derive(found)
        if winner is not None and _known(found, client_uuid) is None:
            _require_in_time(winner, at)
            officers = {winner.by_id, by.pk}
            for fact in [one for one in standing(found) if one is winner or one.by_id in officers]:
                undone = new_scan(
                    event.pk, participant.pk, ScanKind.UNDO, by.pk, at, client_uuid, origin, undoes_id=fact.pk
                )
                undone.save()
                found.append(as_fact(undone))
                client_uuid = uuid.uuid4()
            facts.record(by, "attendance.undone", event, participant)
        attendance = facts.settle(event.pk, participant.pk, found)
        facts.note_latest_day(participant)
    return _outcome(STILL if attendance else ABSENT, event, participant, attendance)


def _known(found: list[Fact], client_uuid: uuid.UUID) -> Fact | None:
    """The fact that the client sent under this name before, if it was about the same person."""
    sent = next((fact for fact in found if fact.client_uuid == client_uuid), None)
    if sent is None and known_among([client_uuid]):
        raise ValidationError(_("This was already sent for somebody else."), code="uuid_taken")
    return sent


def _let_in(
    event: Event, guest: Guest, by: Any, at: datetime | None, client_uuid: uuid.UUID | None, origin: Origin
) -> Outcome:
    client_uuid = walk_ins.name_of_fact(event, guest, client_uuid)
    met = _met(event, guest, by, at, client_uuid, origin)
    if met is not None:
        return met
    try:
        with transaction.atomic():
            participant = walk_ins.add(event=event, guest=guest, by=by, at=at)
            scan = new_scan(event.pk, participant.pk, ScanKind.WALK_IN, by.pk, at, client_uuid, origin)
            return _first(event, participant, scan, by)
    except IntegrityError:
        met = _met(event, guest, by, at, client_uuid, origin)
        if met is None:
            raise
        return met


def _met(
    event: Event, guest: Guest, by: Any, at: datetime | None, client_uuid: uuid.UUID, origin: Origin
) -> Outcome | None:
    """Who is in already by this very fact, or stands on the list and is marked present now; else nobody."""
    sent = Scan.objects.filter(client_uuid=client_uuid, event=event).select_related("participant").first()
    if sent is not None and sent.participant is not None:
        person = who_is(sent.participant)
        attendance = Attendance.objects.filter(participant=person).first()
        return _outcome(PRESENT if attendance else ABSENT, event, person, attendance)
    return insistently(lambda: _known_guest(event, guest, by, at, client_uuid, origin), facts.Moved)


def _known_guest(
    event: Event, guest: Guest, by: Any, at: datetime | None, client_uuid: uuid.UUID, origin: Origin
) -> Outcome | None:
    """Mark whom the list knows by this contact and name; a guest for tonight who may be kept now is kept."""
    known = walk_ins.on_the_list(event, guest)
    if known is None:
        return None
    mark = partial(record, event=event, by=by, at=at, client_uuid=client_uuid, origin=origin)
    if guest.consent == WalkInConsent.KEEP and known.is_named_for_tonight:
        known.event = event
        with transaction.atomic():
            outcome = mark(participant=walk_ins.keep(row=known, guest=guest, by=by, at=at))
    else:
        outcome = mark(participant=known)
    return replace(outcome, known=True)


def _outcome(state: str, event: Event, participant: Participant, attendance: Attendance | None) -> Outcome:
    if attendance is None:
        return Outcome(state, participant, None, "", None, event.timezone)
    names = Officer.objects.filter(pk=attendance.by_id or 0).order_by().values_list("full_name", flat=True)
    return Outcome(state, participant, attendance, names.first() or "", attendance.at, event.timezone)


def _require_open(event: Event) -> None:
    if not event.is_open:
        message = _("The event is %(state)s; nobody can be marked any more.")
        raise ValidationError(
            message, code="event_closed", params={"state": str(event.get_state_display()).lower()}
        )


def _require_in_time(winner: Fact, at: datetime) -> None:
    """A mark from paper bears the time of the evening; what is undone is the typing."""
    if is_late(at, winner.at) and is_late(at, typed_at(winner.pk) or winner.at):
        raise ValidationError(_("More than 15 minutes have passed; the mark stays."), code="too_late")

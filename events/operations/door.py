"""What the phones at the door bring. However often a batch is sent, and in whatever order, the same comes of it.

Marks of people on the list are taken all at once, with as many statements for a hundred as for one; everything else
goes item by item. (What is made by the hundred is not frozen: setting the fields of a frozen object takes three times
as long.) An item that cannot be taken is answered for itself and stands in nobody's way.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from audit.lines import Line
from events.choices import ParticipantKind, ReviewDecision, ReviewReason, ScanKind, ScanState
from events.derivation import derive, is_late, standing
from events.door_batch import Batch, Item, Rejected
from events.door_connection import usual_plans
from events.models import Device, Participant
from events.operations import door_items, facts
from events.operations.door_answers import Answer, Door, Status, known_answer
from events.operations.door_rows import Beside, Row, Written, is_one_statement, note, write
from events.operations.locking import alone
from events.operations.reviews import settle_late
from events.queries.devices import devices_waiting
from events.queries.facts import (
    Fact,
    Person,
    facts_about,
    hold_people,
    is_any_known,
    known_among,
    pending,
    unmarked,
)
from events.queries.matches import same_people
from ui.times import at_place

# Facts that are not written yet come after all that are.
_NEW = 2**62


@dataclass(frozen=True)
class Taken:
    """Answers in the order of the items."""

    answers: list[Answer]
    devices_waiting: int
    received_at: datetime


def take(*, device: Device, batch: Batch, now: datetime | None = None) -> Taken:
    """Take what a phone sends. Nothing is refused as a whole: each item is stored, known, a duplicate, put aside to be
    looked at, or rejected with a sentence.

    :param device: revoked and ended ones too; what they bring is put aside. Its event is at hand.
    :param now: by the clock of the server, which corrects that of the phone.
    """
    door = Door.of(device, batch, now or timezone.now())
    items: dict[UUID, Item] = {}
    for one in batch.items:
        if isinstance(one, Item):
            items.setdefault(one.uuid, one)
    answers, waiting = _take_first(door, items) or _take_at_once(door, items)
    for item in sorted(items.values(), key=lambda item: item.seq):
        if item.kind != ScanKind.PRESENT:
            if item.uuid not in answers:
                with usual_plans():
                    answers[item.uuid] = door_items.take(door, item)
        elif item.name:  # also of a mark that came before: its name may have been lost on the way
            with usual_plans():
                answers[item.uuid] = door_items.name_delegate(door, item, answers[item.uuid])
    if waiting is None:
        waiting = devices_waiting(device.event, door.call.now)
    else:
        waiting += door.is_waiting
    return Taken([_of(one, answers) for one in batch.items], waiting, door.call.now)


def _of(item: Item | Rejected, answers: dict[UUID, Answer]) -> Answer:
    if isinstance(item, Rejected):
        return Answer(item.uuid, Status.REJECTED, item.code, item.sentence)
    return answers[item.uuid]


def _take_first(door: Door, items: dict[UUID, Item]) -> tuple[dict[UUID, Answer], int | None] | None:
    """One mark of somebody of whom nothing was noted yet, as almost every one that comes with network: read, and
    written in one statement. None where it is anything else; where somebody was quicker, which the constraints say; or
    where somebody holds that person, whom we must not hand a fact between their look and their writing."""
    item = next(iter(items.values()), None)
    if len(items) != 1 or not item or item.kind != ScanKind.PRESENT or item.name or not is_one_statement():
        return None
    at = door.corrected(item.at)
    person = unmarked(door.event.pk, item.participant, item.code, at, item.uuid)
    if person is None or person.is_nameless or person.kind == ParticipantKind.WALK_IN:
        return None
    if door.doubt(item, at) or _doubt(item, person, at):
        return None
    marks = _Marks()
    fact = _fact(door, item, at, person, _NEW, [])
    marks.standing[person.pk], marks.winners[person.pk] = fact, (fact, person)
    _place(door, marks, item, fact, person)
    try:
        with alone():
            written = write(door.call, marks.rows, None, Beside(marks.lines, _days(door, marks)))
    except (IntegrityError, DataError):
        return None
    return marks.answers, written.others_waiting


def _take_at_once(door: Door, items: dict[UUID, Item]) -> tuple[dict[UUID, Answer], int | None]:
    """What came before, and all marks that did not."""
    answers: dict[UUID, Answer] = {}
    marks: list[Item] = []
    try:
        with transaction.atomic():
            names = list(items)
            known = known_among(names) if is_any_known(names) else {}
            answers.update({name: known_answer(door, one) for name, one in known.items()})
            marks += [
                item for name, item in items.items() if name not in known and item.kind == ScanKind.PRESENT
            ]
            taken, waiting = _mark(door, marks) if marks else ({}, note(door.call))
    except facts.Moved:
        return _take_at_once(door, items)
    except (IntegrityError, DataError) as error:
        if not marks:
            raise
        taken, waiting = _take_halves(door, marks, error)
    return answers | taken, waiting


def _take_halves(door: Door, items: list[Item], error: Exception) -> tuple[dict[UUID, Answer], int | None]:
    """Where one spoils the whole, in halves, until it stands alone."""
    if len(items) == 1:
        return {items[0].uuid: door_items.spoilt(door, items[0], error)}, None
    taken: dict[UUID, Answer] = {}
    waiting: int | None = None
    middle = len(items) // 2
    for half in (items[:middle], items[middle:]):
        try:
            found, waiting = _mark_whoever(door, half)
        except (IntegrityError, DataError) as spoilt:
            found, waiting = _take_halves(door, half, spoilt)
        taken |= found
    return taken, waiting


def _mark_whoever(door: Door, items: list[Item]) -> tuple[dict[UUID, Answer], int | None]:
    """:func:`_mark`, and once more where somebody said meanwhile that a walk-in is another guest: the items name that
    guest by then, so it ends."""
    while True:
        try:
            with transaction.atomic():
                return _mark(door, items)
        except facts.Moved:
            continue


@dataclass
class _Marks:
    """What is about to be written of one batch. ``standing`` is the fact by which each person is present then;
    ``winners`` those among them that are new."""

    rows: list[Row] = field(default_factory=list)
    answers: dict[UUID, Answer] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    facts: defaultdict[int, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    late_undos: list[tuple[Fact, int]] = field(default_factory=list)
    standing: dict[int, Fact | None] = field(default_factory=dict)
    winners: dict[int, tuple[Fact, Person]] = field(default_factory=dict)
    beaten: list[int] = field(default_factory=list)


def _mark(door: Door, items: list[Item]) -> tuple[dict[UUID, Answer], int | None]:
    people = _hold(door, items)
    found = facts_about({person.pk for person in people}, [item.uuid for item in items])
    marks = _Marks()
    for fact in found:
        if fact.about is not None:
            marks.facts[fact.about].append(fact)
    by_id = {person.public_id: person for person in people}
    by_code = {person.code: person for person in people if person.code}
    undos, touched, placed = pending(found), {}, []
    for number, item in enumerate(sorted(items, key=lambda item: (item.at, item.seq))):
        person = by_code.get(item.code) or by_id.get(item.participant)  # type: ignore[arg-type]
        at = door.corrected(item.at)
        reason = door.doubt(item, at) or _doubt(item, person, at)
        if reason or person is None:
            _set_aside(door, marks, item, at, person, reason)
            continue
        fact = _fact(door, item, at, person, _NEW + number, marks.facts[person.pk])
        marks.facts[person.pk].append(fact)
        for undo in undos.get(item.uuid, ()):
            if is_late(undo.at, at):
                continue
            marks.facts[person.pk].append(replace(undo, about=person.pk, decision=ReviewDecision.COUNTED))
            marks.late_undos.append((undo, person.pk))
        touched[person.pk] = person
        placed.append((item, fact, person))
    _decide_winners(marks, touched)
    for item, fact, person in placed:
        _place(door, marks, item, fact, person)
    written = write(door.call, marks.rows, marks.beaten, Beside(marks.lines, _days(door, marks)))
    _finish(door, marks, written)
    return marks.answers, written.others_waiting


def _hold(door: Door, items: list[Item]) -> list[Person]:
    """Whom the marks name. A walk-in who turned out to be another guest stands for that guest.

    :raises Moved: the items name that guest now, who is to be held in turn.
    """
    named = {item.participant for item in items if item.participant}
    codes = {item.code for item in items if item.code}
    until = door.corrected(max(item.at for item in items))
    people = hold_people(door.event.pk, named, codes, until)
    walk_ins = {person.pk: person.public_id for person in people if person.kind == ParticipantKind.WALK_IN}
    same = same_people(walk_ins) if walk_ins else {}
    if not same:
        return people
    instead = {walk_ins[pk]: other.public_id for pk, other in same.items()}
    for item in items:
        if item.participant is not None:
            item.participant = instead.get(item.participant, item.participant)
    raise facts.Moved


def _doubt(item: Item, person: Person | None, at: datetime) -> str:
    """Why this fact does not count until somebody looks at it; empty when it does."""
    if person is None or (item.code and person.code != item.code):
        return ReviewReason.UNKNOWN
    for ended in (person.revoked_at, person.expires_at) if item.code else ():
        if ended is not None and at >= ended:
            return ReviewReason.REVOKED_TOKEN
    return ReviewReason.ERASED if person.is_erased else ""


def _fact(door: Door, item: Item, at: datetime, person: Person, pk: int, before: list[Fact]) -> Fact:
    state = ScanState.DUPLICATE if before and standing(before) else ScanState.ACCEPTED
    device = door.device
    return Fact(
        pk, item.uuid, person.pk, ScanKind.PRESENT, state, "", at, device.officer_id, device.public_id, item.seq,
        None, None, None, device.label,
    )  # fmt: skip


def _decide_winners(marks: _Marks, touched: dict[int, Person]) -> None:
    for pk, person in touched.items():
        if len(marks.facts[pk]) == 1:  # as for almost everybody who comes
            marks.standing[pk] = marks.facts[pk][0]
            marks.winners[pk] = marks.facts[pk][0], person
            continue
        winner = marks.standing[pk] = derive(marks.facts[pk])
        if winner is not None and winner.pk >= _NEW:
            marks.winners[pk] = winner, person
            current = derive([fact for fact in marks.facts[pk] if fact.pk < _NEW])
            if current is not None:
                marks.beaten.append(current.pk)


def _place(door: Door, marks: _Marks, item: Item, fact: Fact, person: Person) -> None:
    winner = marks.standing[person.pk]
    marks.rows.append(_row(item, person.pk, fact.state, "", fact.at, wins=winner is fact))
    is_new = fact.state == ScanState.ACCEPTED
    verb = "attendance.present" if is_new else "attendance.repeated"
    marks.lines.append(_line(door, verb, person))
    marks.answers[item.uuid] = Answer(
        item.uuid,
        Status.STORED if is_new else Status.DUPLICATE,
        "" if is_new else "already",
        "" if is_new or winner is None else door.already(winner.at, winner.label),
        person.public_id,
        winner.at if winner else None,
        winner.label if winner else "",
    )


def _set_aside(
    door: Door, marks: _Marks, item: Item, at: datetime, person: Person | None, reason: str
) -> None:
    pk = person.pk if person else None
    marks.rows.append(_row(item, pk, ScanState.NEEDS_REVIEW, reason, at, wins=False))
    marks.lines.append(_line(door, "attendance.doubted", person))
    marks.answers[item.uuid] = door.review(item.uuid, reason, person.public_id if person else None)


def _days(door: Door, marks: _Marks) -> dict[int, date]:
    """On which day partners came, where it is later than the one known."""
    days: dict[int, date] = {}
    for winner, person in marks.winners.values():
        if person.partner_id is not None:
            day = at_place(winner.at, door.event.timezone).date()
            if person.last_attended_on is None or person.last_attended_on < day:
                days[person.partner_id] = day
    return days


def _follow_days(door: Door, marks: _Marks) -> None:
    """A mark that beats one of after midnight moves the partner's last day back."""
    for pk, (winner, person) in marks.winners.items():
        known, day = person.last_attended_on, at_place(winner.at, door.event.timezone).date()
        if known is not None and known > day:
            facts.note_latest_day(Participant.objects.get(pk=pk))


def _finish(door: Door, marks: _Marks, written: Written) -> None:
    """What others did meanwhile, and undos that had been waiting for their fact."""
    beaten = [
        winner.client_uuid for pk, (winner, _person) in marks.winners.items() if pk not in written.seated
    ]
    if beaten:  # somebody on the roll was quicker by a moment
        for name, one in known_among(beaten).items():
            marks.answers[name] = known_answer(door, one, status=Status.DUPLICATE)
    if marks.beaten:
        _follow_days(door, marks)
    for undo, participant_id in marks.late_undos:
        settle_late(undo=undo, participant_id=participant_id, device=door.device)


def _row(item: Item, participant_id: int | None, state: str, reason: str, at: datetime, *, wins: bool) -> Row:
    return Row(item.uuid, participant_id, state, reason, at, item.at, item.seq, wins)


def _line(door: Door, verb: str, person: Person | None) -> Line:
    event = door.event
    if person is None:
        return Line(verb, "event", event.public_id, event.host_unit_id)
    unit_id = person.unit_id or event.host_unit_id
    return Line(verb, "participant", person.public_id, unit_id, person.partner_public_id)

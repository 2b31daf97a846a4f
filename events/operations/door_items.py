"""What a phone brings besides marks of people on the list: guests who were not asked, undos, agreements, names of
delegates. One at a time, each by the rules of the roll, each for itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from audit import recording
from events.choices import PledgeChannel, ReviewReason, ScanKind, ScanSource, ScanState, WalkInConsent
from events.derivation import is_late, standing
from events.door_batch import Item
from events.models import Participant, PledgeText, Scan
from events.operations import attendance, delegations, facts, pledges, walk_ins
from events.operations.door_answers import Answer, Door, Status, known_answer, rejected
from events.operations.facts import new_scan
from events.operations.locking import insistently
from events.operations.reviews import settle_late
from events.queries.facts import facts_about, known_among, pending
from partners.search import search_key_for

logger = logging.getLogger(__name__)
NOBODY = UUID(int=0)


def take(door: Door, item: Item) -> Answer:
    """One walk-in, undo or agreement, in a transaction of its own.

    What nobody foresaw is answered for this item alone: with an error for the whole the phone would send the same again
    for ever, and everything behind it would wait. Only a database that is not there is one for the whole.
    """
    try:
        return insistently(lambda: _attempt(door, item), facts.Moved)
    except ValidationError as error:
        return _refused(item, error)
    except (IntegrityError, DataError) as error:
        return spoilt(door, item, error)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("An item of the door failed")
        return rejected(item.uuid, "failed", _("That did not work. Try once more."))


@transaction.atomic
def _attempt(door: Door, item: Item) -> Answer:
    return _KINDS[item.kind](door, item, door.corrected(item.at))


def spoilt(door: Door, item: Item, error: Exception) -> Answer:
    """Why the database did not take an item: it came before, or its number is another's; else nobody knows yet."""
    known = known_among([item.uuid])
    if item.uuid in known:
        return known_answer(door, known[item.uuid])
    if Scan.objects.filter(device_id=door.device.public_id, device_sequence=item.seq).exists():
        return rejected(item.uuid, "sequence", _("This phone has used this number for another mark."))
    logger.warning("An item of the door was not taken: %s", type(error).__name__)
    return rejected(item.uuid, "failed", _("That did not work. Try once more."))


def name_delegate(door: Door, item: Item, answer: Answer) -> Answer:
    """Who came for an organisation whose delegate had no name yet. The mark stands whatever comes of the name.

    Also where the mark is to be looked at: the phone forgets the name once it is taken, and whoever looks needs it.
    A name that is not taken is answered with the code ``name``, and the phone shows it until somebody has looked.
    """
    if answer.status == Status.REJECTED or answer.participant is None:
        return answer
    try:
        with transaction.atomic():
            _name_held(door, item, answer.participant)
    except ValidationError as error:
        said = _("The name was not taken: %(reason)s") % {"reason": " ".join(error.messages)}
        status = Status.REVIEW if answer.code == "review" else answer.status
        return replace(answer, status=status, code="name", sentence=said)
    return answer


def _name_held(door: Door, item: Item, participant: UUID) -> None:
    """Held from the look to the writing: of two phones that are heard at once the second finds the name of the first.
    In the way in which whoever names a delegate holds them; to hold more later might wait for somebody who waits."""
    rows = Participant.objects.filter(event=door.event, public_id=participant)
    seat = rows.select_for_update(of=("self",)).select_related("organization").first()
    if seat is None or (seat.organization is None and seat.display_name):
        return
    seat.event = door.event
    _require_unnamed(seat, item)
    if not seat.display_name:
        delegations.name(participant=seat, name=item.name, by=door.officer)


def _require_unnamed(seat: Participant, item: Item) -> None:
    """Two phones without network may each have let in somebody for the same organisation; or the office named somebody
    of whom nobody but this mark says that they came."""
    if seat.display_name and search_key_for(seat.display_name) != search_key_for(item.name):
        others = [fact for fact in standing(facts_about([seat.pk])) if fact.client_uuid != item.uuid]
        message = (
            _("%(name)s is here for %(organisation)s already. Add whoever else came as a walk-in.")
            if others
            else _("This seat is for %(name)s. Change the name on the list if somebody else came.")
        )
        params = {"name": seat.display_name, "organisation": seat.organization}
        raise ValidationError(message, code="named", params=params)


def _walk_in(door: Door, item: Item, at: datetime) -> Answer:
    """A guest let in under doubt is known for tonight at most: nobody is kept on the word of a phone that is no longer
    admitted."""
    said = {"name": item.name, "contact": item.contact, "consent": item.consent}
    reason = door.doubt(item, at)
    if not reason:
        attendance.walk_in(
            event=door.event, by=door.officer, at=at, client_uuid=item.uuid, origin=door.origin(item), **said
        )
        _undo_that_came_first(door, item)
        return _answer(door, item)
    guest = walk_ins.read(**said)
    walk_ins.hold(door.event, guest)
    known = walk_ins.on_the_list(door.event, guest)
    if known is not None:
        return _put_aside(door, item, at, known, reason)
    if guest.consent == WalkInConsent.KEEP:
        guest = replace(guest, consent=WalkInConsent.TONIGHT)
    participant = walk_ins.add(event=door.event, guest=guest, by=door.officer, at=at)
    return _put_aside(door, item, at, participant, reason)


def _undo(door: Door, item: Item, at: datetime) -> Answer:
    """A mark or an agreement taken back. What has not arrived yet is taken back when it does."""
    undone = (
        Scan.objects.filter(client_uuid=item.undoes or NOBODY, event=door.event)
        .select_related("participant__partner")
        .first()
    )
    if undone is None:
        return _put_aside(door, item, at, None, ReviewReason.UNKNOWN, undoes_uuid=item.undoes)
    person = undone.participant
    if undone.kind == ScanKind.UNDO:
        raise ValidationError(_("What was undone is marked anew instead."), code="undo_of_undo")
    if person is None:
        return _put_aside(door, item, at, None, door.doubt(item, at) or ReviewReason.UNKNOWN, undoes=undone)
    is_pledge = undone.kind == ScanKind.PLEDGE
    reason = door.doubt(item, at)
    if not reason and not is_pledge and is_late(at, undone.at):
        reason = ReviewReason.LATE_UNDO
    if reason:
        return _put_aside(door, item, at, person, reason, undoes=undone)
    person = facts.hold_whoever(person)
    scan = _scan(door, item, at, person, undoes=undone)
    scan.save()
    if is_pledge:
        pledges.follow_facts(person, undone.pledge_text_id or 0, facts_about([person.pk]), by=door.officer)
    else:
        facts.settle(door.event.pk, person.pk, facts_about([person.pk]))
        facts.note_latest_day(person)
        facts.record(door.officer, "attendance.undone", door.event, person)
    return _answer(door, item)


def _pledge(door: Door, item: Item, at: datetime) -> Answer:
    if item.channel not in (PledgeChannel.SCREEN, PledgeChannel.PAPER):
        raise ValidationError(_("Say how it was given."), code="channel")
    text = (
        PledgeText.objects.filter(public_id=item.pledge_text).first()
        if item.pledge_text
        else door.event.pledge_text
    )
    if text is None:
        raise ValidationError(_("This joint commitment is not known here."), code="pledge_text")
    people = Participant.objects.filter(event=door.event).select_related("partner")
    person = people.filter(public_id=item.participant).first() if item.participant else None
    if person is not None:
        person = facts.hold_whoever(person)
        pledges.require_guest(person)
    reason = door.doubt(item, at) or ("" if person else ReviewReason.UNKNOWN)
    if person is not None and person.is_erased:
        reason = reason or ReviewReason.ERASED
    if reason or person is None:
        return _put_aside(door, item, at, person, reason, pledge_text=text)
    person.event = door.event
    pledges.require_askable(person, item.channel)
    scan = _scan(door, item, at, person, pledge_text=text)
    found = facts_about([person.pk])
    scan.state = ScanState.DUPLICATE if pledges.stands(found, text.pk) else ScanState.ACCEPTED
    scan.save()
    for undo in pending(facts_about([], [item.uuid])).get(item.uuid, ()):
        settle_late(undo=undo, participant_id=person.pk, device=door.device, is_pledge=True)
    pledges.follow_facts(person, text.pk, facts_about([person.pk]), by=door.officer)
    return replace(
        _answer(door, item), status=Status.STORED if scan.state == ScanState.ACCEPTED else Status.DUPLICATE
    )


def _undo_that_came_first(door: Door, item: Item) -> None:
    scan = Scan.objects.get(client_uuid=item.uuid)
    for undo in pending(facts_about([], [item.uuid])).get(item.uuid, ()):
        if scan.participant_id is not None and not is_late(undo.at, scan.at):
            settle_late(undo=undo, participant_id=scan.participant_id, device=door.device)


def _put_aside(
    door: Door, item: Item, at: datetime, person: Participant | None, reason: str, **more: Any
) -> Answer:
    scan = _scan(door, item, at, person, state=ScanState.NEEDS_REVIEW, review_reason=reason, **more)
    scan.save()
    if person is not None:
        facts.record(door.officer, "attendance.doubted", door.event, person)
    else:
        event = door.event
        recording.record(by=door.officer, verb="attendance.doubted", obj=event, event=event.public_id)
    return door.review(item.uuid, reason, person.public_id if person else None)


def _scan(door: Door, item: Item, at: datetime, person: Participant | None, **more: Any) -> Scan:
    paper = item.kind == ScanKind.PLEDGE and item.channel == PledgeChannel.PAPER
    origin = door.origin(item, ScanSource.PAPER if paper else ScanSource.DOOR)
    by_id = door.device.officer_id
    return new_scan(
        door.event.pk, person.pk if person else None, item.kind, by_id, at, item.uuid, origin, **more
    )


def _answer(door: Door, item: Item) -> Answer:
    """How things stand now that the item is written."""
    known = known_among([item.uuid])[item.uuid]
    status = Status.DUPLICATE if known.state == ScanState.DUPLICATE else Status.STORED
    return known_answer(door, known, status)


def _refused(item: Item, error: ValidationError) -> Answer:
    found = error.error_dict if hasattr(error, "error_dict") else {"": [error]}
    first = next(iter(found.values()))[0]
    code = getattr(first, "code", None) or getattr(first.error_list[0], "code", None) or "invalid"
    return rejected(item.uuid, code, " ".join(error.messages))


_KINDS: dict[str, Callable[[Door, Item, datetime], Answer]] = {
    ScanKind.WALK_IN: _walk_in,
    ScanKind.UNDO: _undo,
    ScanKind.PLEDGE: _pledge,
}

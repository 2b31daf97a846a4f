"""Saying that a walk-in is somebody else on the list, and taking that back.

The facts stay as they came. What is said of them lets them speak about the other guest, from whom attendance and joint
commitment are derived anew; so the earliest mark of either counts, and the person counts once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.choices import ReviewDecision, ScanState
from events.derivation import counts
from events.models import Attendance, Participant, Pledge, Scan, ScanReview
from events.operations import facts, pledges
from events.operations.walk_ins import MAX_NAME
from events.queries.facts import Fact, facts_about
from events.queries.matches import same_people
from events.rules import may_be_asked_to_pledge
from partners.search import search_key_for

# Each try can lose against a first mark on the roll, which holds nobody.
_TRIES = 3


def require_open_to_match(walk_in: Participant) -> None:
    """:raises ValidationError: ``no_name`` (erased, forgotten, matched before, or came without one), ``kept``,
    ``absent``."""
    if walk_in.partner_id is not None:
        raise ValidationError(_("This guest is kept as a partner of their own."), code="kept")
    if not walk_in.is_named_for_tonight:
        raise ValidationError(
            _("Of this guest no name is kept; nobody can say any more who it was."), code="no_name"
        )
    if not Attendance.objects.filter(participant=walk_in).exists():
        raise ValidationError(_("This guest is not marked present."), code="absent")


def require_counterpart(walk_in: Participant, other: Participant) -> None:
    """:raises ValidationError: ``other_event``, ``same``, ``not_a_guest``, ``gone``."""
    if other.event_id != walk_in.event_id:
        raise ValidationError(_("This person is not on the list of this event."), code="other_event")
    if other.pk == walk_in.pk:
        raise ValidationError(_("Choose somebody else: this is the same entry."), code="same")
    if not other.is_guest:
        raise ValidationError(
            _("Personnel and officials are counted apart; a walk-in is matched with a guest."),
            code="not_a_guest",
        )
    if not other.display_name and other.organization_id is None and other.delegate_for_id is None:
        raise ValidationError(_("This person is no longer on the list."), code="gone")


def match(*, walk_in: Participant, other: Participant, by: Any) -> Participant:
    """Say that a walk-in is another guest of the same list, who is present since the earliest mark of either.

    Name and contact of the walk-in are not kept. What the walk-in ticked changes no consent of the other guest. An
    agreement goes along, unless the other is *Rekan media*, of whom none is kept: then it is withdrawn.

    :raises ValidationError: those of :func:`require_open_to_match` and :func:`require_counterpart`; ``taken_back``
        when by the facts of both nobody would be present.
    """
    return _insistently(lambda: _match(walk_in.pk, other.pk, by))


def part(*, walk_in: Participant, by: Any, name: str = "") -> Participant:
    """Take :func:`match` back: the walk-in is a guest of their own again, with the name that is still known, if any.

    :raises ValidationError: ``not_matched``; ``too_long`` (field ``name``).
    """
    name = " ".join(name.split())
    if len(name) > MAX_NAME:
        raise ValidationError({"name": ValidationError(_("Too long."), code="too_long")})
    return _insistently(lambda: _part(walk_in.pk, name, by))


@transaction.atomic
def _match(walk_in_id: int, other_id: int, by: Any) -> Participant:
    walk_in, other = _held(walk_in_id, other_id)
    require_open_to_match(walk_in)
    require_counterpart(walk_in, other)
    takes_pledges = may_be_asked_to_pledge(other)
    if not takes_pledges:
        for pledge in Pledge.objects.filter(participant=walk_in, withdrawn_at__isnull=True):
            pledges.withdraw(pledge=pledge, by=by)
    found = facts_about([walk_in.pk])
    moved = [fact for fact in found if takes_pledges or fact.pledge_text_id is None]
    _speak_about([fact for fact in moved if counts(fact)], other, by)
    walk_in.display_name = walk_in.contact = walk_in.search_key = ""
    walk_in.save(update_fields=["display_name", "contact", "search_key"])
    _derive(walk_in, other, moved, by)
    if not Attendance.objects.filter(participant=other).exists():
        message = _(
            "What was taken back of %(name)s takes this mark back too, so nobody would be present. Mark %(name)s on the"
            " list first."
        )
        raise ValidationError(message, code="taken_back", params={"name": other})
    for person in (walk_in, other):
        facts.record(by, "attendance.matched", person.event, person)
    return other


@transaction.atomic
def _part(walk_in_id: int, name: str, by: Any) -> Participant:
    other = same_people([walk_in_id]).get(walk_in_id)
    if other is None:
        raise ValidationError(_("This walk-in is matched with nobody."), code="not_matched")
    walk_in, other = _held(walk_in_id, other.pk)
    said = ScanReview.objects.filter(
        scan__participant=walk_in, participant=other, decision=ReviewDecision.COUNTED
    )
    if not said:
        raise ValidationError(_("This walk-in is matched with nobody."), code="not_matched")
    said.filter(scan__state=ScanState.NEEDS_REVIEW).update(participant=walk_in)
    said.exclude(scan__state=ScanState.NEEDS_REVIEW).delete()
    # What was taken back while they were one person stays taken back, whether the undo knew its fact by key or by name.
    theirs = {
        name
        for row in Scan.objects.filter(participant=walk_in).values_list("pk", "client_uuid")
        for name in row
    }
    back = [fact for fact in facts_about([other.pk]) if {fact.undoes_id, fact.undoes_uuid} & theirs]
    _speak_about([fact for fact in back if counts(fact)], walk_in, by)
    walk_in.display_name, walk_in.search_key = name, search_key_for(name)[:500] if name else ""
    walk_in.save(update_fields=["display_name", "search_key"])
    _derive(other, walk_in, facts_about([walk_in.pk]), by)
    for person in (walk_in, other):
        facts.record(by, "attendance.parted", person.event, person)
    return walk_in


def _held(*ids: int) -> list[Participant]:
    """Held in the order in which a batch from the door holds them, and read anew; in the order given."""
    for pk in sorted(set(ids)):
        facts.hold(pk)
    rows = Participant.objects.filter(pk__in=ids).select_related("partner", "event")
    people = {row.pk: row for row in rows}
    return [people[pk] for pk in ids]


def _speak_about(moved: list[Fact], person: Participant, by: Any) -> None:
    """These facts are about this person from now on. Who decided on one before stays its decider."""
    keys = [fact.pk for fact in moved]
    ScanReview.objects.filter(scan__in=keys).update(participant=person)
    reviewed = set(ScanReview.objects.filter(scan__in=keys).values_list("scan", flat=True))
    ScanReview.objects.bulk_create(
        ScanReview(scan_id=pk, decision=ReviewDecision.COUNTED, participant=person, by_id=by.pk)
        for pk in keys
        if pk not in reviewed
    )


def _derive(source: Participant, target: Participant, moved: list[Fact], by: Any) -> None:
    """Attendance and agreements of both say again what the facts say; the source first, for one fact seats one."""
    for person in (source, target):
        attendance = facts.settle(person.event_id, person.pk, facts_about([person.pk]))
        facts.follow_day(person.event, person, attendance)
    for text in sorted({fact.pledge_text_id for fact in moved if fact.pledge_text_id is not None}):
        pledges.hand_over(source, target, text, by=by)


def _insistently(attempt: Callable[[], Participant]) -> Participant:
    for _left in range(_TRIES - 1):
        try:
            return attempt()
        except IntegrityError:
            continue
    return attempt()

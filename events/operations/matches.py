"""Saying that a walk-in is somebody else on the list, for good.

The facts stay as they came. What is said of them lets them speak about the other guest, from whom attendance and joint
commitment are derived anew; so the earliest mark of either counts, and the person counts once. It is not taken back:
what was noted of the one person since belongs to neither entry by itself.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events.choices import ReviewDecision
from events.derivation import counts
from events.models import Attendance, Participant, Pledge, ScanReview
from events.operations import facts, pledges
from events.operations.locking import insistently
from events.queries.facts import Fact, facts_about
from events.queries.matches import who_is
from events.rules import may_be_asked_to_pledge


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
    """:raises ValidationError: ``other_event``, ``same``, ``not_a_guest``, ``gone``; ``unnamed`` for an organisation
    that can still say who came: the walk-in's is perhaps the only name of its delegate."""
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
    if is_unnamed(other) and other.event.is_open:
        message = _(
            "Nobody is named for %(organisation)s yet. Write on its entry in the guest list first who came, so that the"
            " name is not lost."
        )
        raise ValidationError(message, code="unnamed", params={"organisation": other.institution})


def is_unnamed(person: Participant) -> bool:
    """The seat of an organisation that has not said who comes."""
    return person.organization_id is not None and not person.display_name


def match(*, walk_in: Participant, other: Participant, by: Any) -> Attendance:
    """Say that a walk-in is another guest of the same list, who is present since the earliest mark of either: as is
    returned.

    Name and contact of the walk-in are not kept. What the walk-in ticked changes no consent of the other guest. An
    agreement goes along, unless the other is *Rekan media*, of whom none is kept: then it is withdrawn.

    :raises ValidationError: those of :func:`require_open_to_match` and :func:`require_counterpart`; ``taken_back``
        when by the facts of both nobody would be present; ``undecided`` when all that was noted of the walk-in by this
        entry still needs a look, so that nothing would say whom a later tap on it is about; ``said_before`` when a look
        found their coming to be a third guest's.
    """
    return insistently(lambda: _match(walk_in.pk, other.pk, by))


@transaction.atomic
def _match(walk_in_id: int, other_id: int, by: Any) -> Attendance:
    walk_in, other = _held(walk_in_id, other_id)
    require_open_to_match(walk_in)
    require_counterpart(walk_in, other)
    takes_pledges = may_be_asked_to_pledge(other)
    if not takes_pledges:
        for pledge in Pledge.objects.filter(participant=walk_in, withdrawn_at__isnull=True):
            pledges.withdraw(pledge=pledge, by=by)
    found = facts_about([walk_in.pk])
    moved = [fact for fact in found if takes_pledges or fact.pledge_text_id is None]
    _speak_about([fact for fact in moved if counts(fact) or fact.decision], other, by)
    walk_in.display_name = walk_in.contact = walk_in.search_key = ""
    walk_in.save(update_fields=["display_name", "contact", "search_key"])
    known = who_is(walk_in)
    if known == walk_in:
        message = _(
            "What the door noted of this guest still needs a look. Decide on it first under “To be looked at”, then say"
            " who it was."
        )
        raise ValidationError(message, code="undecided")
    if known != other:
        message = _("Somebody said before that the guest who came in here was %(name)s.")
        raise ValidationError(message, code="said_before", params={"name": known})
    _derive(walk_in, other, moved, by)
    attendance = Attendance.objects.filter(participant=other).first()
    if attendance is None:
        message = _(
            "What was taken back of %(name)s takes this mark back too, so nobody would be present. Mark %(name)s on the"
            " list first."
        )
        raise ValidationError(message, code="taken_back", params={"name": other})
    for person in (walk_in, other):
        facts.record(by, "attendance.matched", person.event, person)
    return attendance


def _held(*ids: int) -> list[Participant]:
    """Held in the order in which a batch from the door holds them, and read anew; in the order given."""
    for pk in sorted(set(ids)):
        facts.hold(pk)
    rows = Participant.objects.filter(pk__in=ids).select_related("partner", "event")
    people = {row.pk: row for row in rows}
    return [people[pk] for pk in ids]


def _speak_about(moved: list[Fact], person: Participant, by: Any) -> None:
    """These facts are about this person from now on, also those that a look said not to count: they still say who the
    walk-in is. Who decided on one before stays its decider."""
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

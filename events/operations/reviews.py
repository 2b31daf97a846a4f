"""What a person says of a fact that needed a look. The fact stays as it came; with the decision it counts or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording
from events.choices import ParticipantKind, ReviewDecision, ReviewReason, ScanKind, ScanState
from events.derivation import is_late
from events.models import Attendance, Device, Event, Participant, Scan, ScanReview
from events.operations import facts, pledges
from events.operations.locking import insistently
from events.queries.facts import Fact, facts_about


def decide(
    *, event: Event, scans: Iterable[UUID], decision: str, by: Any, participant: Participant | None = None
) -> int:
    """Say of facts of one event whether they count. What was decided before stays. Returns how many are new.

    :param scans: their ``client_uuid``; those of other events are passed over.
    :param participant: whom they were about, where the facts did not say.
    :raises ValidationError: ``unknown`` decision; ``participant`` when nobody is named; ``other_event``; ``press`` and
        ``not_a_guest`` for the agreement of somebody who is never asked for one.
    """
    if decision not in ReviewDecision.values:
        raise ValidationError(_("Say whether it counts."), code="unknown")
    if participant is not None and participant.event_id != event.pk:
        raise ValidationError(_("This person is not on the list of this event."), code="other_event")
    names = list(scans)
    return insistently(lambda: _decide_all(event, names, decision, by, participant), facts.Moved)


@transaction.atomic
def _decide_all(
    event: Event, names: list[UUID], decision: str, by: Any, participant: Participant | None
) -> int:
    rows = Scan.objects.filter(
        event=event, client_uuid__in=names, state=ScanState.NEEDS_REVIEW, review__isnull=True
    )
    # Undos after what they take back, so that both may be decided in one go.
    found = sorted(rows.select_related("undoes"), key=lambda scan: (scan.kind == ScanKind.UNDO, scan.pk))
    # In the order in which a batch from the door holds them: two that hold the same people never wait for each other.
    whose = {scan.pk: _whose(scan, participant) for scan in found}
    same = facts.hold_all(pk for pk in whose.values() if pk is not None)
    for scan_id, pk in whose.items():
        whose[scan_id] = same[pk].pk if pk in same else pk
    return sum(_decide(event, scan, decision, by, whose[scan.pk]) for scan in found)


def settle_late(*, undo: Fact, participant_id: int, device: Device, is_pledge: bool = False) -> None:
    """An undo came before its fact, and now the fact is here: it counts. Part of taking in the fact, which says
    whether an agreement stands."""
    made = _review(undo.pk, ReviewDecision.COUNTED, participant_id, device.officer_id)
    if not made:
        return
    person = Participant.objects.select_related("partner").get(pk=participant_id)
    if not is_pledge:
        facts.settle(device.event_id, participant_id, facts_about([participant_id]))
        facts.note_latest_day(person)
    recording.record(
        by=None,
        verb="pledge.withdrawn" if is_pledge else "attendance.undone",
        obj=person,
        unit_id=person.unit_id or device.event.host_unit_id,
        subject=person.partner.public_id if person.partner is not None else None,
        event=device.event.public_id,
    )


def _decide(event: Event, scan: Scan, decision: str, by: Any, whose: int | None) -> bool:
    if decision == ReviewDecision.COUNTED and whose is None:
        raise ValidationError(_("Say who it was."), code="participant")
    person = Participant.objects.select_related("partner", "event").get(pk=whose) if whose else None
    if person is not None and decision == ReviewDecision.COUNTED and scan.kind == ScanKind.PLEDGE:
        pledges.require_guest(person)
    if not _review(scan.pk, decision, whose, by.pk):
        return False
    if person is not None and decision == ReviewDecision.COUNTED:
        _count_undos_of(scan, person, by)
        _follow(event, person, scan, by)
    elif person is not None:
        _forget_unless_present(person, scan)
    _record(event, person, decision, by)
    return True


def _review(scan_id: int, decision: str, participant_id: int | None, by_id: int) -> bool:
    """False when somebody decided first."""
    _row, is_new = ScanReview.objects.get_or_create(
        scan_id=scan_id, defaults={"decision": decision, "participant_id": participant_id, "by_id": by_id}
    )
    return is_new


def _whose(scan: Scan, named: Participant | None) -> int | None:
    if named is not None:
        return named.pk
    if scan.participant_id is not None:
        return scan.participant_id
    undone = _undone(scan)
    if undone is None:
        return None
    counted = ScanReview.objects.filter(scan=undone).values_list("participant_id", flat=True)
    return undone.participant_id or counted.first()


def _undone(scan: Scan) -> Scan | None:
    """What an undo takes back, also where that came later."""
    if scan.undoes_uuid is None:
        return scan.undoes
    return Scan.objects.filter(event_id=scan.event_id, client_uuid=scan.undoes_uuid).first()


def _count_undos_of(scan: Scan, person: Participant, by: Any) -> None:
    """Who took back in time what nobody could place then, took it back."""
    undos = Scan.objects.filter(
        event_id=scan.event_id, kind=ScanKind.UNDO, review_reason=ReviewReason.UNKNOWN, review__isnull=True
    )
    for undo in undos.filter(undoes=scan) | undos.filter(undoes_uuid=scan.client_uuid):
        if scan.kind == ScanKind.PLEDGE or not is_late(undo.at, scan.at):
            _review(undo.pk, ReviewDecision.COUNTED, person.pk, by.pk)


def _follow(event: Event, person: Participant, scan: Scan, by: Any) -> None:
    """Attendance and joint commitment say again what the facts say."""
    found = facts_about([person.pk])
    undone = _undone(scan)
    text = scan.pledge_text_id or (undone.pledge_text_id if undone else None)
    if text is not None:
        pledges.follow_facts(person, text, found, by=by)
        return
    facts.follow_day(event, person, facts.settle(event.pk, person.pk, found))


def _forget_unless_present(person: Participant, scan: Scan) -> None:
    """Nothing stays of a guest who was not asked and, as is now said, did not come."""
    is_walk_in = person.kind == ParticipantKind.WALK_IN and scan.kind == ScanKind.WALK_IN
    if (
        is_walk_in
        and person.partner_id is None
        and not Attendance.objects.filter(participant=person).exists()
    ):
        person.display_name = person.contact = person.search_key = ""
        person.save(update_fields=["display_name", "contact", "search_key"])


def _record(event: Event, person: Participant | None, decision: str, by: Any) -> None:
    verb = "attendance.counted" if decision == ReviewDecision.COUNTED else "attendance.dismissed"
    if person is not None:
        facts.record(by, verb, event, person)
    else:
        recording.record(by=by, verb=verb, obj=event, event=event.public_id)

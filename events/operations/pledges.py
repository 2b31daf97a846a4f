"""Komitmen bersama: voluntary, never asked of journalists, withdrawn without a reason and without a consequence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording
from events.choices import PledgeChannel, ReviewDecision, ScanKind, ScanSource
from events.derivation import VALID, agreed
from events.models import Participant, Pledge, PledgeText, Scan
from events.operations.facts import hold_whoever
from events.queries.facts import Fact, facts_about
from events.queries.matches import who_is
from events.rules import may_be_asked_to_pledge


@dataclass(frozen=True)
class Outcome:
    """``is_new`` is False when the same person had agreed to the same text already."""

    pledge: Pledge
    is_new: bool


def record(
    *, participant: Participant, text: PledgeText, channel: str, by: Any, at: datetime | None = None
) -> Outcome:
    """Write down that a guest agreed to a text; a second time changes nothing.

    :param participant: perhaps from a page of before a walk-in was found to be another guest, who is meant then.
    :raises ValidationError: ``press`` (journalists are never asked), ``not_a_guest``, ``channel``, ``event_closed``;
        ``gone`` when the participant was taken off the list meanwhile.
    """
    try:
        return _record(participant, text, channel, by, at or timezone.now())
    except IntegrityError:
        return Outcome(_live(who_is(participant), text), is_new=False)


@transaction.atomic
def withdraw(*, pledge: Pledge, by: Any, at: datetime | None = None) -> Pledge:
    """Take a pledge back, at any time, without a reason. Withdrawing twice changes nothing.

    :param by: the officer who was told, or None when the person did it.
    """
    locked = (
        Pledge.objects.select_for_update(of=("self",)).select_related("participant__event").get(pk=pledge.pk)
    )
    if locked.withdrawn_at is not None:
        return locked
    withdrawn_at = max(at or timezone.now(), locked.at)
    locked.withdrawn_at = withdrawn_at
    locked.save(update_fields=["withdrawn_at"])
    _undo_fact(locked, by, withdrawn_at)
    _audit(by, "pledge.withdrawn", locked)
    return locked


def stands(facts: Iterable[Fact], text_id: int) -> bool:
    """Whether the agreement to a text holds, by the facts about one person."""
    return agreed(_about_text(facts, text_id)) is not None


def follow_facts(participant: Participant, text_id: int, facts: Iterable[Fact], *, by: Any) -> None:
    """Make the row say what the facts say: agreed since when, or taken back. Part of the door's operations, which hold
    the participant and write what came."""
    mine = _about_text(facts, text_id)
    given = agreed(mine)
    live = Pledge.objects.filter(participant=participant, text_id=text_id, withdrawn_at__isnull=True).first()
    if live is not None and (given is None or given.at > live.at):  # that one was taken back
        undone_at = [fact.at for fact in mine if fact.kind == ScanKind.UNDO]
        live.withdrawn_at = max([*undone_at, live.at])
        live.save(update_fields=["withdrawn_at"])
        _audit(by, "pledge.withdrawn", live)
        live = None
    if given is not None and live is None:
        scan = Scan.objects.only("source").get(pk=given.pk)
        channel = PledgeChannel.PAPER if scan.source == ScanSource.PAPER else PledgeChannel.SCREEN
        live = Pledge(
            participant=participant, text_id=text_id, channel=channel, at=given.at, by_id=given.by_id
        )
        live.save(force_insert=True)
        _audit(by, "pledge.recorded", live)
    elif given is not None and live is not None and given.at < live.at:
        live.at = given.at
        live.save(update_fields=["at"])


def hand_over(source: Participant, target: Participant, text_id: int, *, by: Any) -> None:
    """Facts about one guest turned out to be about the other: the row goes where they went, as given and not as
    withdrawn. Both are held."""
    found = {person.pk: facts_about([person.pk]) for person in (source, target)}
    live = Pledge.objects.filter(text_id=text_id, withdrawn_at__isnull=True)
    row = live.filter(participant=source).first()
    if row is not None and not stands(found[source.pk], text_id):
        if live.filter(participant=target).exists():
            row.delete()
        else:
            row.participant = target
            row.save(update_fields=["participant"])
    for person in (source, target):
        follow_facts(person, text_id, found[person.pk], by=by)


def _about_text(facts: Iterable[Fact], text_id: int) -> list[Fact]:
    return [fact for fact in facts if fact.pledge_text_id == text_id or fact.kind == ScanKind.UNDO]


@transaction.atomic
def _record(participant: Participant, text: PledgeText, channel: str, by: Any, at: datetime) -> Outcome:
    participant = hold_whoever(participant)
    require_askable(participant, channel)
    pledge = Pledge(participant=participant, text=text, channel=channel, at=at, by_id=by.pk)
    pledge.save(force_insert=True)
    Scan.objects.create(
        event_id=participant.event_id,
        participant=participant,
        kind=ScanKind.PLEDGE,
        source=ScanSource.PAPER if channel == PledgeChannel.PAPER else ScanSource.ROLL,
        pledge_text=text,
        by_id=by.pk,
        at=at,
    )
    _audit(by, "pledge.recorded", pledge)
    return Outcome(pledge, is_new=True)


def _live(participant: Participant, text: PledgeText) -> Pledge:
    pledge = Pledge.objects.filter(participant=participant, text=text, withdrawn_at__isnull=True).first()
    if pledge is None:
        raise ValidationError(_("That did not work. Try once more."), code="try_again")
    return pledge


def _undo_fact(pledge: Pledge, by: Any, at: datetime) -> None:
    counted = Q(review__decision=ReviewDecision.COUNTED, review__participant=pledge.participant_id)
    fact = (
        Scan.objects.filter(
            counted | Q(participant=pledge.participant_id, state__in=VALID),
            kind=ScanKind.PLEDGE,
            pledge_text_id=pledge.text_id,
        )
        .order_by("-pk")
        .first()
    )
    if fact is not None:
        Scan.objects.create(
            event_id=fact.event_id,
            participant_id=pledge.participant_id,
            kind=ScanKind.UNDO,
            source=ScanSource.ROLL,
            undoes=fact,
            by_id=getattr(by, "pk", None),
            at=at,
        )


def require_guest(participant: Participant) -> None:
    """:raises ValidationError: ``press``, ``not_a_guest``: of them no agreement is kept, not even to be looked at."""
    if participant.is_press or (participant.partner is not None and participant.partner.is_journalist):
        raise ValidationError(_("Journalists are not asked to pledge."), code="press")
    if not may_be_asked_to_pledge(participant):
        raise ValidationError(_("A joint commitment is for guests."), code="not_a_guest")


def require_askable(participant: Participant, channel: str) -> None:
    """:raises ValidationError: as :func:`record`."""
    require_guest(participant)
    if channel not in PledgeChannel.values:
        raise ValidationError(_("Say how it was given."), code="channel")
    event = participant.event
    if not event.is_open:
        message = _("The event is %(state)s; nothing can be changed any more.")
        raise ValidationError(
            message, code="event_closed", params={"state": str(event.get_state_display()).lower()}
        )


def _audit(by: Any, verb: str, pledge: Pledge) -> None:
    participant = pledge.participant
    partner = participant.partner
    recording.record(
        by=by,
        verb=verb,
        obj=pledge,
        unit_id=participant.unit_id or participant.event.host_unit_id,
        subject=partner.public_id if partner is not None else None,
        event=participant.event.public_id,
    )

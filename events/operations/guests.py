"""Who is asked to come, and what they answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from audit.recording import record
from events.choices import Answer, AnswerChannel, ParticipantKind, ProposalState
from events.models import Event, Invitation, Participant, Proposal
from events.operations import qr
from events.operations.locking import hold_people, lock_open
from events.queries.participants import is_marked
from partners.models import Partner
from partners.queries.partners import selectable_partners
from partners.search import search_key_for

BY_HAND = (ParticipantKind.DELEGATE, ParticipantKind.PERSONNEL, ParticipantKind.OFFICIAL)


@transaction.atomic
def invite(*, event: Event, partners: Iterable[Partner], by: Any) -> int:
    """Ask partners to come; whoever is on the list already stays as they are. Returns how many are new.

    Name, region, unit and press are kept as they are today.

    :raises ValidationError: ``event_closed``; ``not_selectable`` when one of them is out of the actor's sight, archived
        or without a consent to be kept. Then nobody is invited.
    """
    lock_open(event)
    wanted = {partner.pk for partner in partners}
    # Held, so that nobody is invited who is erased or asks for quiet at this moment.
    held = selectable_partners(by).filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    found = sorted(held, key=lambda partner: (partner.sort_key, partner.pk))
    if len(found) != len(wanted):
        raise ValidationError(
            _("One of the people picked can no longer be invited. Look at the list again."),
            code="not_selectable",
        )
    return put_on_list(event=event, partners=found, by=by)


def put_on_list(*, event: Event, partners: list[Partner], by: Any) -> int:
    """Invite partners whom the caller has found to be theirs to invite, inside its transaction and with the event held.

    Returns how many are new; whoever stands there already stays as they are.
    """
    new = _new_rows(event, partners, by)
    Invitation.objects.bulk_create([Invitation(participant=row, recorded_by_id=by.pk) for row in new])
    subjects: dict[int | None, UUID] = {partner.pk: partner.public_id for partner in partners}
    for row in new:
        _record(by, "guest.invited", row, subject=subjects[row.partner_id])
    return len(new)


@transaction.atomic
def add_by_hand(
    *, event: Event, by: Any, kind: str, name: str, institution: str = "", unit: Unit | None = None
) -> Participant:
    """Put somebody on the list who is in no registry: a delegate of an organisation, personnel or an official.

    :raises ValidationError: ``event_closed``, ``kind_not_by_hand``, or a field that is not valid.
    """
    lock_open(event)
    if kind not in BY_HAND:
        raise ValidationError(_("Choose delegate, personnel or official."), code="kind_not_by_hand")
    if not name.strip():
        raise ValidationError({"name": ValidationError(_("Write the name."), code="name_missing")})
    participant = Participant(
        event=event,
        kind=kind,
        display_name=name.strip(),
        institution=institution.strip(),
        unit=unit,
        search_key=search_key_for(name, institution)[:500],
        added_by_id=by.pk,
    )
    participant.full_clean(exclude=["event"])
    participant.save(force_insert=True)
    if participant.is_guest:
        Invitation.objects.create(participant=participant, recorded_by_id=by.pk)
    _record(by, "guest.added", participant)
    return participant


@transaction.atomic
def answer(
    *, participant: Participant, answer: str, by: Any, channel: str = "", delegate_name: str = ""
) -> Participant:
    """Write down the answer that came: yes, no, delegate, or none after all.

    A delegate is a participant of their own, whose name may follow later; they go when the answer changes.

    :param channel: how the answer came; not asked for "none".
    :raises ValidationError: ``event_closed``, ``not_invited``, ``answer_unknown``, ``channel_missing``,
        ``already_marked`` (the delegate has been marked at the door and stays).
    """
    event = participant.event
    _hold(participant)
    lock_open(event)
    invitation = Invitation.objects.select_for_update().filter(participant=participant).first()
    if invitation is None or participant.delegate_for_id is not None:
        raise ValidationError(_("Nobody asked this person for an answer."), code="not_invited")
    if answer not in Answer.values or (answer == Answer.DELEGATE and participant.organization_id is not None):
        raise ValidationError(_("Choose one of the answers."), code="answer_unknown")
    if answer != Answer.NONE and channel not in AnswerChannel.values:
        raise ValidationError(
            {"channel": ValidationError(_("Say how the answer came."), code="channel_missing")}
        )
    before = invitation.answer
    _write_answer(invitation, answer, channel, by)
    if answer == Answer.DELEGATE:
        _name_delegate(participant, delegate_name, by)
    else:
        _drop_delegate(participant, by)
    _record(
        by,
        "guest.answered",
        participant,
        subject=_subject(participant),
        changes={"answer": [before, str(answer)]},
    )
    return participant


@transaction.atomic
def remove(*, participant: Participant, by: Any) -> None:
    """Take somebody off the list, with their delegate. The audit keeps that they stood there, and a unit that proposed
    them reads that they are not taken after all.

    :raises ValidationError: ``event_closed``; ``has_role`` (take the part away instead); ``already_marked``.
    """
    _hold(participant)
    lock_open(participant.event)
    if participant.role_id is not None:
        raise ValidationError(
            _("This person has a part in the event; take the part away first."), code="has_role"
        )
    _require_unmarked(participant)
    _drop_delegate(participant, by)
    _record(by, "guest.removed", participant, subject=_subject(participant))
    qr.take_back(participant, by)
    partner_id = participant.partner_id
    participant.delete()
    # After the participant, as an erasure takes them.
    if partner_id is not None:
        Proposal.objects.filter(
            request__event=participant.event_id, partner=partner_id, state=ProposalState.ACCEPTED
        ).update(state=ProposalState.DECLINED, decided_at=timezone.now(), decided_by_id=by.pk)


def _new_rows(event: Event, partners: list[Partner], by: Any) -> list[Participant]:
    """Insert those who are not there yet; the constraint decides should somebody else be quicker."""
    rows = [
        Participant(
            event=event,
            kind=ParticipantKind.PARTNER,
            partner=partner,
            display_name=partner.titled_name[:200],
            is_press=partner.is_journalist,
            region_id=partner.region_id,
            unit_id=partner.unit_id,
            search_key=partner.search_key[:500],
            added_by_id=by.pk,
        )
        for partner in partners
    ]
    standing = set(
        Participant.objects.filter(event=event, partner__in=partners).values_list("partner_id", flat=True)
    )
    rows = [row for row in rows if row.partner_id not in standing]
    Participant.objects.bulk_create(rows, ignore_conflicts=True)
    inserted = list(Participant.objects.filter(public_id__in=[row.public_id for row in rows]).order_by("pk"))
    for row in inserted:
        row.event = event
    return inserted


def _write_answer(invitation: Invitation, answer: str, channel: str, by: Any) -> None:
    is_answer = answer != Answer.NONE
    invitation.answer = answer
    invitation.answer_channel = channel if is_answer else ""
    invitation.answered_at = timezone.now() if is_answer else None
    invitation.recorded_by_id = by.pk
    invitation.save(update_fields=["answer", "answer_channel", "answered_at", "recorded_by_id"])


def _name_delegate(participant: Participant, name: str, by: Any) -> None:
    """Add the delegate, or put the name to the one who stands. An empty name leaves a known one alone."""
    name = name.strip()
    delegate = Participant.objects.filter(delegate_for=participant).first()
    if delegate is None:
        delegate = Participant(
            event=participant.event,
            kind=ParticipantKind.DELEGATE,
            delegate_for=participant,
            institution=participant.institution,
            is_press=participant.is_press,
            region_id=participant.region_id,
            unit_id=participant.unit_id,
            added_by_id=by.pk,
        )
    elif not name or name == delegate.display_name:
        return
    is_new = delegate.pk is None
    delegate.display_name = name
    delegate.search_key = search_key_for(name)[:500]
    delegate.full_clean(exclude=["event", "delegate_for"], validate_unique=False, validate_constraints=False)
    delegate.save(update_fields=None if is_new else ["display_name", "search_key"])
    _record(by, "guest.added" if is_new else "guest.named", delegate)


def _drop_delegate(participant: Participant, by: Any) -> None:
    delegate = Participant.objects.filter(delegate_for=participant).first()
    if delegate is not None:
        _require_unmarked(delegate)
        _record(by, "guest.removed", delegate)
        qr.take_back(delegate, by)
        delegate.delete()


def _hold(participant: Participant) -> None:
    """The guest and their delegate."""
    hold_people(Participant.objects.filter(Q(pk=participant.pk) | Q(delegate_for=participant.pk)))


def _require_unmarked(participant: Participant) -> None:
    if is_marked(participant):
        message = _("%(name)s has already been marked at the event and stays on the list.")
        raise ValidationError(message, code="already_marked", params={"name": str(participant)})


def _subject(participant: Participant) -> Any:
    partner = participant.partner
    return partner.public_id if partner is not None else None


def _record(
    by: Any,
    verb: str,
    participant: Participant,
    *,
    subject: Any = None,
    changes: dict[str, list[Any]] | None = None,
) -> None:
    event = participant.event
    record(
        by=by,
        verb=verb,
        obj=participant,
        unit_id=participant.unit_id or event.host_unit_id,
        subject=subject,
        event=event.public_id,
        changes=changes,
    )

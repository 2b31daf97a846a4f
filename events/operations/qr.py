"""Codes of invitations: made for all guests at once, replaced for one, and taken back with the invitation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.recording import record
from events.models import Event, Participant
from events.operations.locking import lock_open
from events.queries.door import INVITATION_QR
from events.queries.qr import expiry_of, live_codes, may_have_code, people_with_code
from outbox.models import Link
from outbox.operations import links


@transaction.atomic
def issue_all(*, event: Event, by: Any) -> list[tuple[Participant, Link]]:
    """A code for every guest of an event; one that holds stays as it is, so that cards given out before stay good.

    The number of statements does not grow with the guests.

    :raises ValidationError: ``event_closed``, ``nobody``.
    """
    lock_open(event)
    people = people_with_code(event)
    if not people:
        raise ValidationError(_("There are no guests yet. Invite them first."), code="nobody")
    codes = _issued(event, people, by)
    record(by=by, verb="qr_cards.exported", obj=event, event=event.public_id)
    return [(person, codes[person.public_id]) for person in people]


@transaction.atomic
def issue(*, participant: Participant, by: Any) -> Link:
    """The code of one guest: the one that holds, else a new one.

    :raises ValidationError: ``event_closed``, ``no_code`` for a walk-in and for personnel, ``gone``.
    """
    _require_guest(participant)
    return _issued(participant.event, [participant], by)[participant.public_id]


@transaction.atomic
def replace(*, participant: Participant, by: Any) -> Link:
    """A new code for one guest; whoever shows the one before is looked at by a person.

    :raises ValidationError: as :func:`issue`.
    """
    _require_guest(participant)
    return links.issue(
        purpose=INVITATION_QR,
        target=participant.public_id,
        by=by,
        expires=expiry_of(participant.event),
        unit_id=participant.event.host_unit_id,
    )


@transaction.atomic
def take_card(*, participant: Participant, by: Any) -> Link:
    """The code of one guest for a card, and who took the name and the code out of the house.

    :raises ValidationError: as :func:`issue`.
    """
    link = issue(participant=participant, by=by)
    partner = participant.partner
    record(
        by=by,
        verb="qr_card.exported",
        obj=participant,
        unit_id=participant.event.host_unit_id,
        subject=partner.public_id if partner is not None else None,
        event=participant.event.public_id,
    )
    return link


@transaction.atomic
def note_badges(*, event: Event, by: Any) -> None:
    """Keep who printed the names of all for badges."""
    record(by=by, verb="badges.exported", obj=event, event=event.public_id)


def take_back(participant: Participant, by: Any) -> None:
    """With the invitation goes its code. In the transaction of the caller."""
    links.revoke_all(target=participant.public_id, by=by, unit_id=participant.event.host_unit_id)


def follow_date(event: Event) -> None:
    """The event has another date: codes given out before hold until 48 hours after it."""
    people = Participant.objects.filter(event=event)
    links.expire_at(purpose=INVITATION_QR, targets=people.values("public_id"), expires=expiry_of(event))


def _issued(event: Event, people: list[Participant], by: Any) -> dict[UUID, Link]:
    known = live_codes(person.public_id for person in people)
    missing = [person.public_id for person in people if person.public_id not in known]
    if missing:
        made = links.issue_many(
            purpose=INVITATION_QR,
            targets=missing,
            by=by,
            expires=expiry_of(event),
            unit_id=event.host_unit_id,
        )
        known |= {link.target_public_id: link for link in made}
    return known


def _require_guest(participant: Participant) -> None:
    lock_open(participant.event)
    if not may_have_code(participant):
        raise ValidationError(_("Only invited guests have a code."), code="no_code")
    if not Participant.objects.filter(pk=participant.pk).exists():
        raise ValidationError(_("This guest is no longer on the list."), code="gone")

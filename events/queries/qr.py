"""Codes of invitations: whose, where they lead, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from events.choices import ParticipantKind
from events.models import Event, Participant
from events.queries.devices import end_of
from events.queries.door import INVITATION_QR
from events.queries.sheets import people_on_paper
from outbox.links import token_of
from outbox.models import Link
from outbox.queries.links import live_link_of, live_links

AFTER_THE_END = timedelta(hours=48)
# While an event has no date its codes live this long; they follow the date once it has one.
WITHOUT_DATE = timedelta(days=60)
WITH_CODE = (ParticipantKind.PARTNER, ParticipantKind.DELEGATE)


def expiry_of(event: Event, now: datetime | None = None) -> datetime:
    """48 hours after the end of the event."""
    if event.starts_at is None:
        return (now or timezone.now()) + WITHOUT_DATE
    return end_of(event.starts_at, event) + AFTER_THE_END


def may_have_code(participant: Participant) -> bool:
    """Whoever was asked to come, or comes in their place; a walk-in is in already."""
    return participant.kind in WITH_CODE


def people_with_code(event: Event) -> list[Participant]:
    """Those on paper who may have a code, in the same order. Two queries."""
    return [person for person in people_on_paper(event) if may_have_code(person)]


def live_codes(targets: Iterable[UUID]) -> dict[UUID, Link]:
    """The code that holds, by participant. One query."""
    found = live_links().filter(purpose=INVITATION_QR, target_public_id__in=list(targets)).order_by("version")
    return {link.target_public_id: link for link in found}


def live_code_of(participant: Participant) -> Link | None:
    return live_link_of(INVITATION_QR, participant.public_id)


def address_of(link: Link) -> str:
    """Where the code leads when a browser opens it: a page that says nothing of the guest."""
    return f"{settings.SITE_URL}/q/{token_of(link)}/"

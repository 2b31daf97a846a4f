"""Who stands behind a personal link."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet

from events.choices import EventState
from events.models import Participant, Pledge
from outbox.models import Link
from outbox.queries.links import resolve
from partners.choices import CONSENT_REQUEST
from partners.models import Partner


@dataclass(frozen=True)
class Visitor:
    """A person without an account, known by their link alone."""

    link: Link
    partner: Partner


def visitor_behind(token: str) -> Visitor | None:
    """None for a token that is unknown, revoked or expired, and for a person who was erased: nobody can tell which."""
    link = resolve(token, CONSENT_REQUEST)
    if link is None:
        return None
    people = Partner.objects.select_related("unit", "region__parent__parent").prefetch_related(
        "social_accounts"
    )
    partner = people.filter(public_id=link.target_public_id).first()
    return None if partner is None else Visitor(link=link, partner=partner)


def events_of(partner: Partner) -> QuerySet[Participant]:
    """Where the person was asked to or came, whichever unit held it, with the pledges that stand. Drafts are plans of
    the office and not yet about anybody. Two queries."""
    standing = Pledge.objects.filter(withdrawn_at__isnull=True).select_related("text")
    return (
        Participant.objects.filter(partner=partner)
        .exclude(event__state=EventState.DRAFT)
        .select_related("event", "invitation", "attendance")
        .prefetch_related(Prefetch("pledges", queryset=standing, to_attr="live_pledges"))
        .order_by(F("event__starts_at").desc(nulls_last=True), "-pk")
    )

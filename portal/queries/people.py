"""Who stands behind a personal link."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from outbox.models import Link
from outbox.queries.links import resolve
from partners.choices import CONSENT_REQUEST
from partners.models import Partner, Share


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
    live_shares = Prefetch("shares", Share.objects.filter(ended_at__isnull=True).select_related("unit"))
    people = Partner.objects.select_related("unit", "region__parent__parent").prefetch_related(
        "social_accounts", "affiliations__organization", live_shares
    )
    partner = people.filter(public_id=link.target_public_id).first()
    return None if partner is None else Visitor(link=link, partner=partner)

"""Organisations, the people in them, and how far an officer sees either."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from accounts.queries.units import scope_of, unit_ids_above
from partners.choices import PartnerStatus
from partners.models import Affiliation, Organization, Partner
from partners.queries.partners import partners_visible_to
from partners.queries.search import matching

# So many hits of a search are offered at once.
MOST_FOUND = 20


def organizations_visible_to(user: Any) -> QuerySet[Organization]:
    """Organisations of the officer's own unit, of those above it and of those below: never a neighbour's, and never
    those of another tree."""
    if not user.can("organization.view"):
        return Organization.objects.none()
    return Organization.objects.filter(unit__in={*scope_of(user), *unit_ids_above(user.unit_id)})


def selectable_organizations(user: Any) -> QuerySet[Organization]:
    """Those who may be picked for anything: not set aside."""
    return organizations_visible_to(user).filter(archived_at__isnull=True)


def people_in(user: Any, organization: Organization) -> QuerySet[Affiliation]:
    """Who holds, or held, a position there, as far as the officer sees the person; nothing tells how many others do.

    ``name_key`` is what a page of it is ordered by.
    """
    rows = Affiliation.objects.filter(organization=organization, partner__in=partners_visible_to(user))
    return rows.select_related("partner__unit").annotate(name_key=F("partner__sort_key"))


def positions_of(user: Any, partner: Partner) -> QuerySet[Affiliation]:
    """The positions of a partner in organisations that the officer sees, those held today first."""
    rows = Affiliation.objects.filter(partner=partner, organization__in=organizations_visible_to(user))
    return rows.select_related("organization").order_by(
        F("ended_on").desc(nulls_first=True), "organization__sort_key", "pk"
    )


def addable_partners(user: Any) -> QuerySet[Partner]:
    """Whose positions the officer may write down: those of their own scope, not archived."""
    own = partners_visible_to(user).filter(unit__in=scope_of(user))
    return own.exclude(status=PartnerStatus.ARCHIVED)


def found_to_add(user: Any, text: str) -> list[Partner]:
    """The first hits of a search among them; nothing for nothing typed."""
    if not text.strip():
        return []
    rows = matching(addable_partners(user), text).select_related("unit", "region")
    return list(rows.order_by("sort_key", "pk")[:MOST_FOUND])

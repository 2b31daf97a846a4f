"""Who may do what with a partner that they can already see."""

from __future__ import annotations

from typing import Any

from accounts.queries.units import scope_of
from partners.models import Affiliation, Organization, Partner


def can_change(user: Any, partner: Partner) -> bool:
    """Officers of the partner's unit and above; a unit that sees it through a share only reads."""
    return user.can("partner.change") and partner.unit_id in scope_of(user)


def can_archive(user: Any, partner: Partner) -> bool:
    return user.can("partner.archive") and partner.unit_id in scope_of(user)


def can_record_consent(user: Any, partner: Partner) -> bool:
    return user.can("consent.record") and partner.unit_id in scope_of(user)


def can_share(user: Any, partner: Partner) -> bool:
    """Who keeps the partner shows them to another unit; a unit that sees them through a share does not pass them on."""
    return user.can("partner.share") and partner.unit_id in scope_of(user)


def can_change_organization(user: Any, organization: Organization) -> bool:
    """The unit of the organisation and those above it; units below it read, and name their own people in it."""
    return user.can("organization.change") and organization.unit_id in scope_of(user)


def can_affiliate(user: Any, partner: Partner) -> bool:
    """That a person holds a position is a fact about the person: who keeps them says so."""
    return user.can("organization.change") and partner.unit_id in scope_of(user)


def can_end_affiliation(user: Any, affiliation: Affiliation) -> bool:
    return can_affiliate(user, affiliation.partner)

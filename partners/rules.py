"""Who may do what with a partner that they can already see."""

from __future__ import annotations

from typing import Any

from accounts.queries.units import scope_of
from partners.models import Partner


def can_change(user: Any, partner: Partner) -> bool:
    """Officers of the partner's unit and above; a unit that sees it through a share only reads."""
    return user.can("partner.change") and partner.unit_id in scope_of(user)


def can_archive(user: Any, partner: Partner) -> bool:
    return user.can("partner.archive") and partner.unit_id in scope_of(user)


def can_record_consent(user: Any, partner: Partner) -> bool:
    return user.can("consent.record") and partner.unit_id in scope_of(user)

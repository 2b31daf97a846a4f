"""Counts of the registry for the home page; nobody is named in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count as Rows
from django.db.models import Q

from partners.choices import Keep, PartnerStatus
from partners.queries.partners import partners_visible_to
from ui.paging import Count, capped_count

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Prospects:
    """Calon mitra, and those among them whose record ends within a week unless they decide."""

    waiting: Count
    due: Count


@dataclass(frozen=True)
class RegistryFigures:
    confirmed: int
    unconfirmed: int
    prospective: int


def prospects_of(user: Any, *, today: date) -> Prospects:
    """Two counts that stop at the cap."""
    waiting = partners_visible_to(user).filter(status=PartnerStatus.PROSPECTIVE)
    return Prospects(capped_count(waiting), capped_count(waiting.filter(decide_by__lte=today + SOON)))


def figures_of(user: Any) -> RegistryFigures:
    """How many are kept, on which footing. One query."""
    active = Q(status=PartnerStatus.ACTIVE)
    counts = partners_visible_to(user).aggregate(
        confirmed=Rows("pk", filter=active & Q(keep=Keep.CONFIRMED)),
        unconfirmed=Rows("pk", filter=active & Q(keep=Keep.UNCONFIRMED)),
        prospective=Rows("pk", filter=Q(status=PartnerStatus.PROSPECTIVE)),
    )
    return RegistryFigures(**counts)

"""The figures that the sweep counted, summed over the units in a reader's scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr

from accounts.queries.units import scope_of
from reports.models import PartnerTally, StopTally, TallyClock

_FIGURES = ("confirmed", "unconfirmed", "prospective", "due")


@dataclass(frozen=True)
class People:
    """Partners of some region: kept with a confirmed consent, with one not confirmed yet, not decided yet; ``due`` of
    these are erased within a week unless they decide."""

    confirmed: int = 0
    unconfirmed: int = 0
    prospective: int = 0
    due: int = 0

    @property
    def with_consent(self) -> int:
        return self.confirmed + self.unconfirmed

    def __add__(self, other: People) -> People:
        return People(*(getattr(self, name) + getattr(other, name) for name in _FIGURES))


@dataclass(frozen=True)
class PeopleByRegion:
    """Of the reader's scope, by code of the regency, or of the district where ``by_district``."""

    regions: dict[str, People]

    @property
    def total(self) -> People:
        return sum(self.regions.values(), People())

    def within(self, codes: Iterable[str]) -> People:
        """Of these regions and all below them."""
        wanted = [(code, f"{code}.") for code in codes]
        return sum(
            (
                people
                for region, people in self.regions.items()
                if any(region == code or region.startswith(below) for code, below in wanted)
            ),
            People(),
        )


@dataclass(frozen=True)
class Province:
    """How many regencies and cities of a province had a dialogue, and how many only look forward to one."""

    held: int
    planned: int


def counted_at() -> datetime | None:
    """As of when the figures are right; None before the sweep has counted for the first time."""
    return TallyClock.objects.values_list("counted_at", flat=True).first()


def people_by_region(user: Any, *, by_district: bool = False) -> PeopleByRegion:
    """Partners of the units in reach. Who is shared with them stands in the figures of the unit that holds them."""
    length = 8 if by_district else 5
    rows = (
        PartnerTally.objects.filter(unit__in=scope_of(user))
        .order_by()
        .values(code=Substr("region_id", 1, length))
        .annotate(**{f"{name}_sum": Sum(name) for name in _FIGURES})
        .values_list("code", *(f"{name}_sum" for name in _FIGURES))
    )
    return PeopleByRegion({code: People(*figures) for code, *figures in rows})


def stops_in_reach(user: Any) -> QuerySet[StopTally]:
    """What the units in reach took part in."""
    return StopTally.objects.filter(unit__in=scope_of(user))


def provinces_reached(user: Any) -> dict[str, Province]:
    """By code of the province, over all programmes and none. One query."""
    regency = Substr("region_id", 1, 5)
    rows = (
        stops_in_reach(user)
        .order_by()
        .values(code=Substr("region_id", 1, 2))
        .annotate(
            any_held=Count(regency, distinct=True, filter=Q(held__isnull=False)),
            reached=Count(regency, distinct=True),
        )
        .values_list("code", "any_held", "reached")
    )
    return {code: Province(held=held, planned=reached - held) for code, held, reached in rows}

"""The figures that the sweep counted, summed over the units in a reader's scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum
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


class PeopleByRegion:
    """Sums by code of a province, a regency and, where counted so finely, a district."""

    def __init__(self, rows: Iterable[tuple[str, People]]) -> None:
        self.total = People()
        self._sums: dict[str, People] = {}
        for code, people in rows:
            self.total += people
            for part in {code[:2], code[:5], code}:
                self._sums[part] = self._sums.get(part, People()) + people

    def within(self, codes: Iterable[str]) -> People:
        """Of these regions, none of which holds another, and all below them."""
        return sum((self._sums.get(code, People()) for code in codes), People())


@dataclass(frozen=True)
class Province:
    """How many regencies and cities of a province had a dialogue, and how many only look forward to one."""

    held: int
    planned: int


def counted_at() -> datetime | None:
    """As of when the figures are right; None before the sweep has counted for the first time."""
    return TallyClock.objects.values_list("counted_at", flat=True).first()


def people_by_region(user: Any, *, by_district: bool = False) -> PeopleByRegion:
    """Partners of the units in reach, by regency or by district. Who is shared with them stands in the figures of the
    unit that holds them. One query."""
    length = 8 if by_district else 5
    rows = (
        PartnerTally.objects.filter(unit__among=scope_of(user))
        .order_by()
        .values(code=Substr("region_id", 1, length))
        .annotate(**{f"{name}_sum": Sum(name) for name in _FIGURES})
        .values_list("code", *(f"{name}_sum" for name in _FIGURES))
    )
    return PeopleByRegion((code, People(*figures)) for code, *figures in rows)


def stops_in_reach(user: Any) -> QuerySet[StopTally]:
    """What the units in reach took part in."""
    return StopTally.objects.filter(unit__among=scope_of(user))


def provinces_reached(user: Any) -> dict[str, Province]:
    """By code of the province, over all programmes and none. One query."""
    regencies = (
        stops_in_reach(user)
        .order_by()
        .values(code=Substr("region_id", 1, 5))
        .annotate(held_once=Count("held"))
        .values_list("code", "held_once")
    )
    found: dict[str, list[int]] = {}
    for code, held in regencies:
        figures = found.setdefault(code[:2], [0, 0])
        figures[0 if held else 1] += 1
    return {code: Province(held=held, planned=planned) for code, (held, planned) in found.items()}

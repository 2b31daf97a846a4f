"""Regions for choosing one: they are public knowledge, the same for everyone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from regions.choices import RegionLevel
from regions.models import Region


@dataclass
class Options:
    """What three dependent selects offer: all provinces, the regencies of one, the districts of one of these."""

    provinces: list[Region] = field(default_factory=list)
    regencies: list[Region] = field(default_factory=list)
    districts: list[Region] = field(default_factory=list)


def options_for(province: str = "", regency: str = "", *, within: Iterable[str] = ()) -> Options:
    """What can be chosen below ``province`` and ``regency``, in one query.

    :param within: codes of provinces; when given, no other province is offered.
    """
    offered = Q(level=RegionLevel.PROVINCE)
    codes = list(within)
    if codes:
        offered &= Q(code__in=codes)
    below = [code for code in (province, regency) if code]
    found = Options()
    lists = {
        RegionLevel.PROVINCE: found.provinces,
        RegionLevel.REGENCY: found.regencies,
        RegionLevel.DISTRICT: found.districts,
    }
    for region in Region.objects.filter(offered | Q(parent__in=below) if below else offered):
        lists[RegionLevel(region.level)].append(region)
    return found


def region_with_parents(code: str) -> Region | None:
    """The region with this code, with those above it loaded along; None when there is none."""
    return Region.objects.select_related("parent__parent").filter(pk=code).first()


def provinces_of(codes: Iterable[str]) -> list[str]:
    """The codes of the provinces in which these regions lie: ["64.07", "64.02.05"] → ["64"]."""
    return sorted({code.split(".")[0] for code in codes})

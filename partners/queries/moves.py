"""How many people each unit holds, by region, for whoever changes a territory: figures only, never names."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q

from accounts.choices import UnitKind
from accounts.models import Unit
from accounts.moves import Held
from partners.models import Partner


def census(ranges: Iterable[tuple[str, str]]) -> list[Held]:
    """People of police units whose region lies in one of the ranges. An agency keeps its own, whoever polices."""
    inside = Q(pk__in=[])
    for first, last in ranges:
        inside |= Q(region__gte=first, region__lt=last)
    police = list(Unit.objects.exclude(kind=UnitKind.AGENCY).order_by("pk").values_list("pk", flat=True))
    rows = Partner.objects.filter(inside, unit__in=police).order_by("region_id", "unit_id")
    return [Held(*row) for row in rows.values_list("region_id", "unit_id").annotate(people=Count("pk"))]


def held_by(unit_id: int) -> int:
    return Partner.objects.filter(unit=unit_id).count()

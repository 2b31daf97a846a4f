"""Which regions an officer works with, and which unit holds a person who lives in one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.queries.units import region_codes_of, scope_of, unit_for, units_for
from regions.choices import RegionLevel
from regions.models import Region


def holding_unit(by: Any, region: Region, on: date | None = None) -> Unit:
    """The unit that a person of ``region`` belongs to: who polices it when police register, else the agency itself.

    :raises ValidationError: ``no_unit`` where none is known, ``other_unit`` when it lies outside the officer's scope.
    """
    if not by.unit.is_police:
        return by.unit
    return _within_scope(by, region.name, unit_for(region, on or timezone.localdate()))


def holding_units(by: Any, regions: Mapping[str, str]) -> dict[str, Unit | ValidationError]:
    """The same for many regions, code → name, in one query: the unit of each, or why the officer may not."""
    if not by.unit.is_police:
        return dict.fromkeys(regions, by.unit)
    units = units_for(regions, timezone.localdate())
    answers: dict[str, Unit | ValidationError] = {}
    for code, name in regions.items():
        try:
            answers[code] = _within_scope(by, name, units[code])
        except ValidationError as error:
            answers[code] = error
    return answers


def _within_scope(by: Any, region_name: str, unit: Unit | None) -> Unit:
    if unit is None:
        raise ValidationError(
            _("No unit is known for %(region)s. Tell your administrator.") % {"region": region_name},
            code="no_unit",
        )
    if unit.pk not in scope_of(by):
        raise ValidationError(
            _("%(region)s belongs to %(unit)s. Ask that unit, or a unit above both, to record this person.")
            % {"region": region_name, "unit": unit.short_name},
            code="other_unit",
        )
    return unit


def regency_codes_of(user: Any) -> list[str]:
    """Codes of provinces and regencies where the officer's units police anything; empty (an agency): no such limit.

    A province stands for all its regencies. A unit that polices two districts of a regency brings the whole regency:
    the form then says whose the other districts are.
    """
    found = {".".join(code.split(".")[:2]) for code in region_codes_of(user)}
    return sorted(code for code in found if len(code) == 2 or code[:2] not in found)


def regions_beside(codes: list[str], *, province: str, regency: str) -> QuerySet[Region]:
    """What three dependent select boxes offer: all provinces, the regencies of one, the districts of one of these.

    :param codes: the territory, as :func:`regency_codes_of` gives it; empty offers everything.
    """
    wanted = Q(parent=province) | Q(parent=regency) if regency else Q(parent=province)
    return _inside(codes).filter(Q(level=RegionLevel.PROVINCE) | wanted).only("code", "name", "level")


def _inside(codes: list[str]) -> QuerySet[Region]:
    regions = Region.objects.order_by("code")
    if not codes:
        return regions
    inside = Q(code__in={code.split(".")[0] for code in codes})
    for code in codes:
        inside |= Q(code__gte=code, code__lt=f"{code}/")
    return regions.filter(inside)

"""Loading provinces, regencies and districts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from regions.choices import RegionLevel
from regions.models import Region

Row = Mapping[str, str]


def load(
    *,
    provinces: Iterable[Row],
    province_facts: Iterable[Row],
    regencies: Iterable[Row],
    districts: Iterable[Row],
) -> int:
    """Add or update every region of the given rows; nothing is deleted. Returns how many rows were read.

    A regency has the zone of its province and a district that of its regency.

    :raises ValidationError: ``orphan`` when a row names a region above it that is not among the rows.
    """
    facts = {row["code"]: row for row in province_facts}
    found: dict[str, Region] = {}
    for row in provinces:
        fact = facts.get(row["code"])
        if fact is None:
            raise _orphan(row["code"], row["code"])
        found[row["code"]] = Region(
            code=row["code"],
            name=row["name"],
            short_name=fact["short_name"],
            level=RegionLevel.PROVINCE,
            timezone=fact["timezone"],
        )
    for rows, level, above in (
        (regencies, RegionLevel.REGENCY, "province_code"),
        (districts, RegionLevel.DISTRICT, "regency_code"),
    ):
        for row in rows:
            parent = found.get(row[above])
            if parent is None:
                raise _orphan(row["code"], row[above])
            found[row["code"]] = Region(
                code=row["code"],
                name=row["name"],
                level=level,
                parent_id=parent.code,
                timezone=parent.timezone,
            )
    with transaction.atomic():
        Region.objects.bulk_create(
            found.values(),
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "short_name", "level", "parent", "timezone"],
        )
    return len(found)


def _orphan(code: str, above: str) -> ValidationError:
    return ValidationError(
        _("Region %(code)s belongs to %(above)s, which is not in the data."),
        code="orphan",
        params={"code": code, "above": above},
    )

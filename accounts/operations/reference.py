"""Loading units, jurisdictions, ranks and election calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Election, Jurisdiction, Rank, Unit

Row = Mapping[str, str]


@transaction.atomic
def load_units(rows: Iterable[Row]) -> int:
    """Add or update units by code; a unit that is not among the rows stays, and so does what an administrator changed.

    Returns how many rows were read.

    :raises ValidationError: ``orphan`` when a row names a unit above it that does not exist.
    """
    rows = list(rows)
    count, edited = len(rows), _edited(Unit)
    rows = [row for row in rows if row["code"] not in edited]
    Unit.objects.bulk_create(
        [
            Unit(
                code=row["code"],
                name=row["name"],
                short_name=row["short_name"],
                kind=row["kind"],
                seat=row["seat"],
                timezone=row["timezone"],
                head_title=row["head_title"],
                is_active=row["status"] == "active",
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "short_name", "kind", "seat", "timezone", "head_title", "is_active"],
    )
    _hang_units({row["code"]: row["parent_code"] for row in rows})
    return count


def _edited(model: type[Unit] | type[Election]) -> set[str]:
    """Codes of the rows that an administrator has changed."""
    return set(model.objects.filter(edited_at__isnull=False).order_by().values_list("code", flat=True))


def _hang_units(parent_of: dict[str, str]) -> None:
    """Set the unit above each unit, once all of them are in the table."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    moved = []
    for code, above in parent_of.items():
        parent = units.get(above)
        if above and parent is None:
            raise ValidationError(
                _("Unit %(code)s belongs to %(above)s, which does not exist."),
                code="orphan",
                params={"code": code, "above": above},
            )
        unit = units[code]
        if unit.parent_id != getattr(parent, "pk", None):
            unit.parent = parent
            moved.append(unit)
    Unit.objects.bulk_update(moved, ["parent"])


@transaction.atomic
def load_jurisdictions(rows: Iterable[Row]) -> int:
    """Add or update jurisdictions; one is known by unit, region, mode and first day. Returns how many were read.

    A territory that a unit no longer polices is given a last day in the data, not taken out of it: what stood then is
    what an older record relied on.
    """
    units = dict(Unit.objects.values_list("code", "pk"))
    known = {
        (row.unit_id, row.region_id, row.mode, row.valid_from): row for row in Jurisdiction.objects.all()
    }
    new, changed, count = [], [], 0
    for row in rows:
        count += 1
        wanted = Jurisdiction(
            unit_id=units[row["unit_code"]],
            region_id=row["region_code"],
            mode=row["mode"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            note=row["note"],
        )
        found = known.get((wanted.unit_id, wanted.region_id, wanted.mode, wanted.valid_from))
        if found is None:
            new.append(wanted)
        elif found.edited_at is None and (found.valid_to, found.note) != (wanted.valid_to, wanted.note):
            found.valid_to, found.note = wanted.valid_to, wanted.note
            changed.append(found)
    Jurisdiction.objects.bulk_create(new)
    Jurisdiction.objects.bulk_update(changed, ["valid_to", "note"])
    return count


def load_ranks(rows: Iterable[Row]) -> int:
    """Add or update ranks by abbreviation. Returns how many rows were read."""
    ranks = [
        Rank(abbreviation=row["abbr"], name=row["name"], group=row["group"], order=int(row["order"]))
        for row in rows
    ]
    Rank.objects.bulk_create(
        ranks, update_conflicts=True, unique_fields=["abbreviation"], update_fields=["name", "group", "order"]
    )
    return len(ranks)


_ELECTION_DAYS = [
    "candidates_fixed_on",
    "campaign_from",
    "campaign_to",
    "quiet_from",
    "quiet_to",
    "voting_on",
    "result_on",
]


def load_elections(rows: Iterable[Row]) -> int:
    """Add or update election calendars by code; what an administrator changed stays. Returns how many were read.

    A result not yet declared has no day.
    """
    rows = list(rows)
    edited = _edited(Election)
    elections = [
        Election(
            code=row["code"],
            name=row["name"],
            region_id=row["region_code"] or None,
            checked=row["checked_against_a_source"],
            **{name: _day(row[name]) for name in _ELECTION_DAYS},
        )
        for row in rows
        if row["code"] not in edited
    ]
    Election.objects.bulk_create(
        elections,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "region", "checked", *_ELECTION_DAYS],
    )
    return len(rows)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

"""Which units an officer reaches, and which unit polices a region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts import lookups  # noqa: F401  # registers ``unit__among``
from accounts.choices import JurisdictionMode
from accounts.models import Jurisdiction, Unit
from regions.models import Region


def unit_ids_below(unit_id: int) -> list[int]:
    """Ids of a unit and of all units below it. One query over the few dozen units that exist."""
    children: dict[int | None, list[int]] = {}
    for pk, parent_id in Unit.objects.order_by().values_list("pk", "parent_id"):
        children.setdefault(parent_id, []).append(pk)
    found, queue = [], [unit_id]
    while queue:
        current = queue.pop()
        found.append(current)
        queue.extend(children.get(current, []))
    return found


def unit_ids_above(unit_id: int) -> list[int]:
    """Ids of a unit and of those above it, up to the root of its tree. One query."""
    parents = dict(Unit.objects.order_by().values_list("pk", "parent_id"))
    found: list[int] = []
    current: int | None = unit_id
    while current is not None and current not in found:
        found.append(current)
        current = parents[current]
    return found


def scope_of(user: Any) -> list[int]:
    """Ids of the officer's unit and those below it: the foreign keys that every scope rule compares with.

    Kept on the officer for the length of one request.
    """
    if not hasattr(user, "_scope"):
        user._scope = unit_ids_below(user.unit_id)
    scope: list[int] = user._scope
    return scope


def units_visible_to(user: Any) -> QuerySet[Unit]:
    """The officer's unit and those below it."""
    return Unit.objects.filter(pk__in=scope_of(user))


def unit_in_scope(user: Any, public_id: str) -> Unit | None:
    """A unit of the officer's scope by the id in an address; None for anything else."""
    try:
        wanted = UUID(public_id)
    except ValueError:
        return None
    return units_visible_to(user).filter(public_id=wanted).first()


def unit_by_code(code: str) -> Unit | None:
    """An active unit by its code, for the commands of the server's administrator."""
    return Unit.objects.filter(code=code, is_active=True).first()


def region_codes_of(user: Any) -> list[str]:
    """Codes of the regions policed by the units in the officer's scope; empty for an agency, which polices none."""
    return list(
        Jurisdiction.objects.filter(unit__in=scope_of(user), mode=JurisdictionMode.INCLUDE)
        .order_by("region")
        .values_list("region_id", flat=True)
        .distinct()
    )


def unit_for(region: Region, on: date) -> Unit | None:
    """The unit that polices ``region`` on a day, or None where none is known; see :func:`units_for`."""
    return units_for([region.code], on)[region.code]


def units_for(codes: Iterable[str], on: date) -> dict[str, Unit | None]:
    """The unit that polices each region on a day, or None where none is known. One query.

    An exclude takes the region away from its own unit only: it cancels that unit's includes as long as itself or
    shorter. Of the includes left the longest code wins; between equal codes the unit lower in the tree, then by code.
    """
    prefixes = {code: _prefixes(code) for code in codes}
    wanted = {prefix for found in prefixes.values() for prefix in found}
    rows = list(
        Jurisdiction.objects.filter(region_id__in=wanted, unit__is_active=True)
        .filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )
        .select_related("unit")
    )
    return {code: _winner([row for row in rows if row.region_id in prefixes[code]]) for code in prefixes}


def _prefixes(code: str) -> set[str]:
    parts = code.split(".")
    return {".".join(parts[: number + 1]) for number in range(len(parts))}


def _winner(rows: list[Jurisdiction]) -> Unit | None:
    excluded: dict[int, int] = {}
    for row in rows:
        if row.mode == JurisdictionMode.EXCLUDE:
            excluded[row.unit_id] = max(excluded.get(row.unit_id, 0), len(row.region_id))
    includes = [
        row
        for row in rows
        if row.mode == JurisdictionMode.INCLUDE and len(row.region_id) > excluded.get(row.unit_id, 0)
    ]
    if not includes:
        return None
    longest = max(len(row.region_id) for row in includes)
    units = [row.unit for row in includes if len(row.region_id) == longest]
    return units[0] if len(units) == 1 else min(units, key=lambda unit: (-_depth(unit), unit.code))


def _depth(unit: Unit) -> int:
    """How many units stand above; asked only when two claim the same region."""
    return 0 if unit.parent is None else 1 + _depth(unit.parent)


def _in_force(on: date) -> QuerySet[Jurisdiction]:
    """Jurisdictions that hold on a day; both their first and their last day count."""
    return Jurisdiction.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )


@dataclass
class Branch:
    """A unit with what it polices, how many active accounts it has, and the units below it."""

    unit: Unit
    officers: int
    includes: list[Region] = field(default_factory=list)
    excludes: list[Region] = field(default_factory=list)
    children: list[Branch] = field(default_factory=list)


def unit_tree(user: Any, on: date) -> list[Branch]:
    """The units in the officer's scope as trees, each with its territory on that day."""
    active = Count("officers", filter=Q(officers__is_active=True))
    units = units_visible_to(user).annotate(active_officers=active).order_by("code")
    branches = {unit.pk: Branch(unit, unit.active_officers) for unit in units}
    for row in _in_force(on).filter(unit__in=list(branches)).select_related("region").order_by("region"):
        branch = branches[row.unit_id]
        (branch.includes if row.mode == JurisdictionMode.INCLUDE else branch.excludes).append(row.region)
    roots: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.unit.parent_id or 0)
        (above.children if above else roots).append(branch)
    return roots

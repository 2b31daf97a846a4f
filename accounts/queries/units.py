"""Which units an officer reaches, and which unit polices a region."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

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


def region_codes_of(user: Any) -> list[str]:
    """Codes of the regions policed by the units in the officer's scope; empty for an agency, which polices none."""
    return list(
        Jurisdiction.objects.filter(unit__in=scope_of(user), mode=JurisdictionMode.INCLUDE)
        .order_by("region")
        .values_list("region_id", flat=True)
        .distinct()
    )


def unit_for(region: Region, on: date) -> Unit | None:
    """The unit that polices ``region`` on a day, or None where none is known.

    An exclude takes the region away from its own unit only: it cancels that unit's includes as long as itself or
    shorter. Of the includes left the longest code wins; between equal codes the unit lower in the tree, then by code.
    """
    rows = (
        Jurisdiction.objects.filter(region_id__in=region.prefixes, unit__is_active=True)
        .filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        )
        .select_related("unit", "unit__parent")
    )
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
    best = min(includes, key=lambda row: (-len(row.region_id), -_depth(row.unit), row.unit.code))
    return best.unit


def _depth(unit: Unit) -> int:
    return 0 if unit.parent is None else (1 if unit.parent.parent_id is None else 2)

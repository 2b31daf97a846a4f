"""Who polices what on a day, read once and asked often; and who would move if it were changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import moves
from accounts.choices import JurisdictionMode
from accounts.models import Jurisdiction, Unit
from accounts.moves import Held, Move
from accounts.queries.units import scope_of
from regions.models import Region

# How long ago a territory may have begun or ended for the sweep still to bring the people after it.
LOOK_BACK = timedelta(days=60)


def today_in(region: Region, now: datetime | None = None) -> date:
    """The day it is in a region: days of a territory are whole days of the place."""
    return timezone.localdate(now or timezone.now(), ZoneInfo(region.timezone))


def jurisdictions_visible_to(user: Any) -> QuerySet[Jurisdiction]:
    """Those of the units in the administrator's scope; to every other role none."""
    if not user.can("unit.manage"):
        return Jurisdiction.objects.none()
    return Jurisdiction.objects.filter(unit__in=scope_of(user)).select_related("unit", "region")


def jurisdictions_of(unit: Unit) -> QuerySet[Jurisdiction]:
    """All that a unit polices, policed or will police; those without a last day come first."""
    rows = Jurisdiction.objects.filter(unit=unit).select_related("region")
    return rows.order_by("region", "mode", "valid_from")


@dataclass(frozen=True)
class Claim:
    """A jurisdiction as plain values, so that one can be thought of that is not stored."""

    unit_id: int
    region: str
    mode: str
    valid_from: date | None
    valid_to: date | None
    pk: int | None = None

    @classmethod
    def of(cls, row: Jurisdiction) -> Claim:
        return cls(row.unit_id, row.region_id, row.mode, row.valid_from, row.valid_to, row.pk)

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or self.valid_to >= day
        )


class Territory:
    """The rule of :func:`accounts.queries.units.unit_for` over rows read once; a test compares the two."""

    def __init__(self, claims: Iterable[Claim], depths: dict[int, tuple[int, str]]) -> None:
        self.claims = list(claims)
        self._depths = depths
        self._by_region: dict[str, list[Claim]] = {}
        for claim in self.claims:
            if claim.unit_id in depths:
                self._by_region.setdefault(claim.region, []).append(claim)

    def holder_of(self, code: str, on: date) -> int | None:
        """The unit that polices a region on a day; None where none is known."""
        parts = code.split(".")
        prefixes = [".".join(parts[: n + 1]) for n in range(len(parts))]
        rows = [row for prefix in prefixes for row in self._by_region.get(prefix, []) if row.holds_on(on)]
        excluded: dict[int, int] = {}
        for row in rows:
            if row.mode == JurisdictionMode.EXCLUDE:
                excluded[row.unit_id] = max(excluded.get(row.unit_id, 0), len(row.region))
        includes = [
            row
            for row in rows
            if row.mode == JurisdictionMode.INCLUDE and len(row.region) > excluded.get(row.unit_id, 0)
        ]
        if not includes:
            return None
        longest = max(len(row.region) for row in includes)
        units = {row.unit_id for row in includes if len(row.region) == longest}
        return min(units, key=lambda unit: (-self._depths[unit][0], self._depths[unit][1]))

    def changed(self, *, without: int | None = None, plus: Claim | None = None) -> Territory:
        """The same with one row taken away or added, or both: one row replaced."""
        kept = [claim for claim in self.claims if without is None or claim.pk != without]
        return Territory([*kept, plus] if plus else kept, self._depths)


def whole_territory() -> Territory:
    """All that is stored, of every day. Two queries."""
    parents, codes = {}, {}
    for pk, parent, code, active in Unit.objects.order_by().values_list(
        "pk", "parent_id", "code", "is_active"
    ):
        parents[pk] = parent
        if active:
            codes[pk] = code

    def depth(pk: int | None) -> int:
        return 0 if pk is None or parents[pk] is None else 1 + depth(parents[pk])

    rows = Jurisdiction.objects.order_by("pk").values_list(
        "unit_id", "region_id", "mode", "valid_from", "valid_to", "pk"
    )
    return Territory([Claim(*row) for row in rows], {pk: (depth(pk), code) for pk, code in codes.items()})


@dataclass(frozen=True)
class Forecast:
    """What a change of territory does: from which day, to whom, which units it ever touches, and whose ground it is."""

    on: date
    is_today: bool
    moves: list[Move]
    touched: frozenset[int]
    holders: frozenset[int]

    @property
    def people(self) -> int:
        return sum(move.people for move in self.moves if move.to_id is not None)

    @property
    def staying(self) -> int:
        """People whose region nobody would police: they stay where they are."""
        return sum(move.people for move in self.moves if move.to_id is None)


def forecast(*, region: Region, on: date, without: int | None = None, plus: Claim | None = None) -> Forecast:
    """Who would move if a jurisdiction over ``region`` were replaced. Three queries, however many people there are.

    :param on: the day from which the change tells.
    """
    before = whole_territory()
    after = before.changed(without=without, plus=plus)
    today = today_in(region)
    day = max(on, today)
    found = []
    for held in moves.movers().census([region.range]):
        new = after.holder_of(held.region, day)
        settled = before.holder_of(held.region, today)
        changes = new not in (before.holder_of(held.region, day), settled)
        if held.unit_id == settled and changes:
            found.append(Move(held.region, held.unit_id, new, held.people))
    days = _days_ahead(before, after, region, day)
    holders = {before.holder_of(region.code, on) for on in days if plus is None or plus.holds_on(on)}
    touched = _touched(before, after, region, days)
    return Forecast(
        day, day == today, found, touched, frozenset(unit for unit in holders if unit is not None)
    )


def _days_ahead(before: Territory, after: Territory, region: Region, day: date) -> list[date]:
    """The day, and each later one on which something near the region begins or is over: nothing changes between."""
    first, last = region.range
    rows = {*before.claims, *after.claims}
    near = [row for row in rows if first <= row.region < last or row.region in region.prefixes]
    edges = {row.valid_from for row in near} | {
        row.valid_to + timedelta(days=1) for row in near if row.valid_to is not None
    }
    return [day, *sorted(edge for edge in edges if edge is not None and edge > day)]


def _touched(before: Territory, after: Territory, region: Region, days: list[date]) -> frozenset[int]:
    """Units that would lose or gain ground, on whatever of these days, and whether anybody lives there or not."""
    first, last = region.range
    codes = {region.code, *(claim.region for claim in after.claims if first <= claim.region < last)}
    pairs = {(before.holder_of(code, day), after.holder_of(code, day)) for code in codes for day in days}
    return frozenset(unit for pair in pairs if pair[0] != pair[1] for unit in pair if unit is not None)


def due_moves(now: datetime | None = None) -> list[Move]:
    """People whose region went to another unit because a day came. One query when nothing began or ended lately.

    Whoever was held by the unit that policed the region the day before goes to the one that polices it today; people
    whom another unit holds for its own reasons stay.
    """
    moment = now or timezone.now()
    edges = _recent_edges(moment)
    if not edges:
        return []
    territory = whole_territory()
    census = moves.movers().census({region.range for region, _day in edges})
    found: dict[tuple[str, int], Move] = {}
    for region, day in edges:
        first, last = region.range
        today = today_in(region, moment)
        for held in census:
            if first <= held.region < last and held.unit_id == territory.holder_of(
                held.region, day - timedelta(days=1)
            ):
                _note(found, held, territory.holder_of(held.region, today))
    return list(found.values())


def _note(found: dict[tuple[str, int], Move], held: Held, new: int | None) -> None:
    if new is not None and new != held.unit_id:
        found[held.region, held.unit_id] = Move(held.region, held.unit_id, new, held.people)


def _recent_edges(moment: datetime) -> list[tuple[Region, date]]:
    """Days in the last weeks on which a territory began, or was over for the first time."""
    latest = (moment + timedelta(days=1)).date()
    earliest = latest - LOOK_BACK
    rows = Jurisdiction.objects.filter(
        Q(valid_from__range=(earliest, latest)) | Q(valid_to__range=(earliest - timedelta(days=1), latest))
    ).select_related("region")
    edges = set()
    for row in rows:
        ended = row.valid_to + timedelta(days=1) if row.valid_to else None
        for day in (row.valid_from, ended):
            if day and earliest <= day <= today_in(row.region, moment):
                edges.add((row.region, day))
    return sorted(edges, key=lambda edge: (edge[0].code, edge[1]))


@dataclass(frozen=True)
class Flow:
    """People who go one way, with how many of each region; ``to`` None: they stay, for nobody would police them."""

    source: Unit
    to: Unit | None
    regions: list[tuple[Region, int]]

    @property
    def people(self) -> int:
        return sum(people for _region, people in self.regions)


def flows_of(found: Forecast) -> list[Flow]:
    """The moves of a forecast, gathered by way, largest first. Two queries, none when nobody moves."""
    if not found.moves:
        return []
    ids = {unit for move in found.moves for unit in (move.from_id, move.to_id) if unit is not None}
    units = Unit.objects.in_bulk(ids)
    regions = Region.objects.in_bulk({move.region for move in found.moves})
    ways: dict[tuple[int, int | None], list[tuple[Region, int]]] = {}
    for move in sorted(found.moves, key=lambda move: move.region):
        ways.setdefault((move.from_id, move.to_id), []).append((regions[move.region], move.people))
    flows = [
        Flow(units[source], units[to] if to is not None else None, rows)
        for (source, to), rows in ways.items()
    ]
    return sorted(flows, key=lambda flow: (flow.to is None, -flow.people, flow.source.code))

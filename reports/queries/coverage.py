"""Which regions of a programme had their dialogue, which will, and which have none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.choices import JurisdictionMode, UnitKind
from accounts.models import Jurisdiction
from events.choices import HELD_STATES, PLANNED_STATES
from events.models import Program
from events.queries.events import events_visible_to
from events.queries.programs import programs_visible_to
from regions.choices import RegionLevel
from regions.models import Region
from reports.queries.tallies import (
    People,
    PeopleByRegion,
    Province,
    people_by_region,
    provinces_reached,
    stops_in_reach,
)
from reports.queries.tiles import TileMap, tile_map
from ui.times import at_place

_LOCAL_KINDS = frozenset({UnitKind.POLRESTABES, UnitKind.POLRESTA, UnitKind.POLRES, UnitKind.POLSEK})
HELD, PLANNED, NONE = "held", "planned", "none"
# As long as the code of a district, a regency, a province.
_LEVELS = (8, 5, 2)


class Stop(NamedTuple):
    """What a map and a table say of an event."""

    public_id: UUID
    program_id: int
    region_id: str
    state: str
    starts_at: datetime | None
    timezone: str


@dataclass
class RegionRow:
    """One line of the table. ``parts`` names the districts when the unit polices only these of the region."""

    region: Region
    parts: list[Region] = field(default_factory=list)
    held: Stop | None = None
    planned: Stop | None = None
    people: People = field(default_factory=People)

    @property
    def name(self) -> str:
        return self.region.name.removeprefix("Kabupaten ")

    @property
    def codes(self) -> list[str]:
        return [region.code for region in (self.parts or [self.region])]

    @property
    def state(self) -> str:
        return HELD if self.held else PLANNED if self.planned else NONE

    @property
    def shown(self) -> Stop | None:
        """Where a tile leads."""
        return self.held or self.planned

    @property
    def held_on(self) -> date | None:
        return _day(self.held)

    @property
    def planned_on(self) -> date | None:
        return _day(self.planned)

    @property
    def held_form(self) -> str:
        return _form(self.held_on)

    @property
    def planned_form(self) -> str:
        return _form(self.planned_on)

    @property
    def region_query(self) -> str:
        """What narrows the list of partners to this line."""
        names = ("province", "regency", "district")
        prefixes = (self.parts or [self.region])[0].prefixes
        return "&".join(f"{name}={code}" for name, code in zip(names, prefixes, strict=False))


@dataclass
class Coverage:
    program: Program
    rows: list[RegionRow]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def held(self) -> int:
        return sum(1 for row in self.rows if row.held)

    @property
    def planned(self) -> int:
        """Regions that have had none yet, and will."""
        return sum(1 for row in self.rows if row.state == PLANNED)

    @property
    def missing(self) -> int:
        return self.total - self.held - self.planned

    @cached_property
    def map(self) -> TileMap | None:
        return tile_map(self.rows)


@dataclass(frozen=True)
class ProvinceRow:
    """A province on the national map: how many of its regencies were reached, over all programmes and none."""

    region: Region
    reached: Province
    people: People

    @property
    def name(self) -> str:
        return self.region.name

    @property
    def state(self) -> str:
        return HELD if self.reached.held else PLANNED if self.reached.planned else NONE


@dataclass(frozen=True)
class Nation:
    rows: list[ProvinceRow]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def held(self) -> int:
        return sum(1 for row in self.rows if row.state == HELD)

    @cached_property
    def map(self) -> TileMap | None:
        return tile_map(self.rows)


@dataclass(frozen=True)
class Overview:
    """What the first screen shows by region: the table of the first programme, of the others only that they are there,
    all provinces for who sees the country, and the partners of the whole scope."""

    tables: list[Coverage]
    nation: Nation | None
    people: People


def programs_by_nearness(user: Any, *, today: date, limit: int = 40) -> list[Program]:
    """The programmes that the officer sees: those running today first, then the latest."""
    programs = list(
        programs_visible_to(user)
        .select_related("region", "unit")
        .only("public_id", "name", "starts_on", "ends_on", "region__level", "unit__short_name")
        .order_by("-starts_on", "-pk")[:limit]
    )
    return sorted(programs, key=lambda program: not _runs(program, today))


def overview_of(user: Any, programs: list[Program]) -> Overview:
    """The tables of these programmes: the regions below that of the programme, as far as the officer's unit reaches.

    A local unit gets only the regions that it polices (of some only districts), every other unit all of them. A
    programme that has no region in reach is left out. National headquarters get the provinces besides. Three queries
    and one for the provinces, whatever the number of programmes.
    """
    is_local = user.unit.kind in _LOCAL_KINDS
    is_national = user.unit.kind == UnitKind.MABES
    people = people_by_region(user, by_district=is_local)
    regions = list(_regions(user, programs, is_local=is_local, is_national=is_national))
    territory = [region for region in regions if region.is_mine] if is_local else None  # type: ignore[attr-defined]
    tables = []
    for program in programs:
        below = [region for region in regions if region.parent_id == program.region_id]
        tables.append(Coverage(program, _rows(below, territory)))
    tables = [table for table in tables if table.rows]
    _fill(tables[:1], user, people)
    return Overview(tables, _nation(user, regions, people) if is_national else None, people.total)


def _regions(user: Any, programs: list[Program], *, is_local: bool, is_national: bool) -> QuerySet[Region]:
    """Those below the programmes' regions, what a local unit polices (``is_mine``), for the nation all provinces."""
    wanted = Q(parent__in={program.region_id for program in programs})
    if is_national:
        wanted |= Q(level=RegionLevel.PROVINCE)
    regions = Region.objects.order_by("code")
    if is_local:
        policed = _policed_by(user)
        wanted |= Q(code__in=policed.values("region"))
        regions = regions.annotate(is_mine=Exists(policed.filter(region=OuterRef("pk"))))
    return regions.filter(wanted)


def _policed_by(user: Any) -> QuerySet[Jurisdiction]:
    """What the officer's unit polices today."""
    today = at_place(timezone.now(), user.unit.timezone).date()
    return Jurisdiction.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today),
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        unit=user.unit_id,
        mode=JurisdictionMode.INCLUDE,
    ).order_by()


def _rows(regions: Iterable[Region], territory: list[Region] | None) -> list[RegionRow]:
    if territory is None:
        return [RegionRow(region) for region in regions]
    rows = []
    for region in regions:
        if any(_within(region.code, mine.code) for mine in territory):
            rows.append(RegionRow(region))
        elif parts := [mine for mine in territory if _within(mine.code, region.code)]:
            rows.append(RegionRow(region, parts))
    return rows


def _fill(tables: list[Coverage], user: Any, people: PeopleByRegion) -> None:
    """The tallies say which events to show; that they may be seen is asked of the events."""
    rows = {(table.program.pk, code): row for table in tables for row in table.rows for code in row.codes}
    stops = stops_in_reach(user).filter(program__in=[table.program.pk for table in tables]).order_by()
    shown = stops.values("held").union(stops.values("planned"))
    events = events_visible_to(user).filter(pk__in=shown).order_by("starts_at", "pk")
    # Of hundreds of districts one event each: a row of six values, not an event.
    for event in events.values_list(*Stop._fields):
        stop = Stop(*event)
        # A place lies in the region whose code it has, or begins with.
        for length in _LEVELS:
            row = rows.get((stop.program_id, stop.region_id[:length]))
            if row is not None and (length >= len(stop.region_id) or stop.region_id[length] == "."):
                _place(row, stop)
                break
    for table in tables:
        for row in table.rows:
            row.people = people.within(row.codes)


def _place(row: RegionRow, event: Stop) -> None:
    """The latest held, and the nearest of those still planned; one with a date before one without."""
    if event.state in HELD_STATES:
        row.held = event
    elif event.state in PLANNED_STATES and (row.planned is None or row.planned.starts_at is None):
        row.planned = event


def _nation(user: Any, regions: list[Region], people: PeopleByRegion) -> Nation:
    reached = provinces_reached(user)
    nowhere = Province(held=0, planned=0)
    return Nation(
        [
            ProvinceRow(region, reached.get(region.code, nowhere), people.within([region.code]))
            for region in regions
            if region.level == RegionLevel.PROVINCE
        ]
    )


def _within(code: str, region: str) -> bool:
    return code == region or code.startswith(f"{region}.")


def _runs(program: Program, today: date) -> bool:
    return program.starts_on <= today and (program.ends_on is None or program.ends_on >= today)


def _form(day: date | None) -> str:
    """As a tile writes a date: 21 Okt in this year, else Okt 2024."""
    return "j M" if day and day.year == timezone.now().year else "M Y"


def _day(event: Stop | None) -> date | None:
    if event is None or event.starts_at is None:
        return None
    return at_place(event.starts_at, event.timezone).date()

"""Which regions of a programme had their dialogue, which will, and which have none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.choices import JurisdictionMode, UnitKind
from accounts.models import Jurisdiction
from events.choices import HELD_STATES, PLANNED_STATES
from events.models import Event, Program
from events.queries.events import events_visible_to
from events.queries.programs import programs_visible_to
from regions.models import Region
from ui.times import at_place

_LOCAL_KINDS = frozenset({UnitKind.POLRESTABES, UnitKind.POLRESTA, UnitKind.POLRES, UnitKind.POLSEK})


@dataclass
class RegionRow:
    """One line of the table. ``parts`` names the districts when the unit polices only these of the region."""

    region: Region
    parts: list[Region] = field(default_factory=list)
    held: Event | None = None
    planned: Event | None = None

    @property
    def name(self) -> str:
        return self.region.name.removeprefix("Kabupaten ")

    @property
    def held_on(self) -> date | None:
        return _day(self.held)

    @property
    def planned_on(self) -> date | None:
        return _day(self.planned)

    def holds(self, code: str) -> bool:
        """Whether a place with this code lies in what the line stands for."""
        return any(_within(code, region.code) for region in (self.parts or [self.region]))


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
        return sum(1 for row in self.rows if row.planned and not row.held)

    @property
    def missing(self) -> int:
        return self.total - self.held - self.planned


def programs_by_nearness(user: Any, *, today: date, limit: int = 40) -> list[Program]:
    """The programmes that the officer sees: those running today first, then the latest."""
    programs = list(
        programs_visible_to(user).select_related("region", "unit").order_by("-starts_on", "-pk")[:limit]
    )
    return sorted(programs, key=lambda program: not _runs(program, today))


def coverage_of(user: Any, programs: list[Program]) -> list[Coverage]:
    """The tables of these programmes: the regions below that of the programme, as far as the officer's unit reaches.

    A local unit gets only the regions that it polices (of some only districts), every other unit all of them. A
    programme that has no region in reach is left out. Three queries, whatever the number of programmes.
    """
    if not programs:
        return []
    below: dict[str, list[Region]] = {}
    for region in Region.objects.filter(parent__in={program.region_id for program in programs}).order_by(
        "code"
    ):
        below.setdefault(region.parent_id or "", []).append(region)
    territory = _territory_of(user)
    tables = [Coverage(program, _rows(below.get(program.region_id, []), territory)) for program in programs]
    _fill(tables, user)
    return [table for table in tables if table.rows]


def _territory_of(user: Any) -> list[Region] | None:
    """The regions that the officer's unit polices today, or None when the unit is not a local one."""
    if user.unit.kind not in _LOCAL_KINDS:
        return None
    today = at_place(timezone.now(), user.unit.timezone).date()
    rows = Jurisdiction.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today),
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        unit=user.unit_id,
        mode=JurisdictionMode.INCLUDE,
    )
    return [row.region for row in rows.select_related("region").order_by("region_id")]


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


def _fill(tables: list[Coverage], user: Any) -> None:
    events = (
        events_visible_to(user)
        .filter(program__in=[table.program.pk for table in tables], state__in=[*HELD_STATES, *PLANNED_STATES])
        .order_by("starts_at", "pk")
    )
    rows_of: dict[int | None, list[RegionRow]] = {table.program.pk: table.rows for table in tables}
    for event in events:
        for row in rows_of[event.program_id]:
            if row.holds(event.region_id):
                _place(row, event)


def _place(row: RegionRow, event: Event) -> None:
    """The latest held, and the nearest of those still planned."""
    if event.state in HELD_STATES:
        row.held = event
    elif row.planned is None:
        row.planned = event


def _within(code: str, region: str) -> bool:
    return code == region or code.startswith(f"{region}.")


def _runs(program: Program, today: date) -> bool:
    return program.starts_on <= today and (program.ends_on is None or program.ends_on >= today)


def _day(event: Event | None) -> date | None:
    if event is None or event.starts_at is None:
        return None
    return at_place(event.starts_at, event.timezone).date()

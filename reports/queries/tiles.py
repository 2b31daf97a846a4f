"""Regions as a grid of tiles: placed by reference data for some provinces, elsewhere in the order of their codes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt
from pathlib import Path
from typing import Any

from regions.choices import RegionLevel
from regions.models import Region

_LAYOUT = Path(__file__).resolve().parent.parent / "reference" / "tiles.csv"

# The grid is drawn in the points of a phone 360 wide, so that its letters keep their size there.
WIDTH, HEIGHT, GAP = 328, 64, 6
# More in a row, and a tile is no longer wide enough for a thumb.
MOST_COLUMNS = 5
_LETTER = 7.8


@dataclass(frozen=True)
class Line:
    """A line of the name; ``squeeze`` is the width that it is drawn together to, empty where it fits."""

    text: str
    y: str
    squeeze: str


@dataclass(frozen=True)
class Tile:
    """One region's place in the grid, in points; ``entry`` is what the page knows of the region.

    Numbers are text, since a page writes numbers the Indonesian way and a drawing may not.
    """

    entry: Any
    row: int
    column: int
    x: str
    y: str
    width: str
    middle: str
    lines: list[Line]

    @property
    def y_state(self) -> str:
        return str(int(self.y) + 43)

    @property
    def y_people(self) -> str:
        return str(int(self.y) + 57)


@dataclass(frozen=True)
class TileMap:
    tiles: list[Tile]
    height: int

    @property
    def box_height(self) -> str:
        """With room for the focus ring around the outermost tiles."""
        return str(self.height + 4)

    @property
    def tile_height(self) -> str:
        return str(HEIGHT)


def tile_map(entries: Sequence[Any]) -> TileMap | None:
    """The grid of what stands for regions (``entry.region``), in the order of reading; None for fewer than two."""
    if len(entries) < 2:
        return None
    layout = _layout()
    if all(entry.region.code in layout for entry in entries):
        places = _without_gaps([layout[entry.region.code][:2] for entry in entries])
    else:
        columns = min(ceil(sqrt(len(entries))), MOST_COLUMNS)
        places = [divmod(number, columns) for number in range(len(entries))]
    columns = 1 + max(column for _row, column in places)
    width = (WIDTH - GAP * (columns - 1)) // columns
    tiles = [_tile(entry, row, column, width) for entry, (row, column) in zip(entries, places, strict=True)]
    rows = 1 + max(row for row, _column in places)
    return TileMap(sorted(tiles, key=lambda tile: (tile.row, tile.column)), rows * (HEIGHT + GAP) - GAP)


def short_name(region: Region) -> str:
    """What people call it: Kukar, Sumut; else the name without its kind."""
    known = _layout().get(region.code)
    if known:
        return known[2]
    if region.level == RegionLevel.PROVINCE and region.short_name:
        return region.short_name
    return region.name.removeprefix("Kabupaten ").removeprefix("Kota ").removeprefix("Administrasi ")


def _tile(entry: Any, row: int, column: int, width: int) -> Tile:
    x, y = column * (width + GAP), row * (HEIGHT + GAP)
    room = int((width - 6) / _LETTER)
    texts = _lines(short_name(entry.region), room)
    first = 24 if len(texts) == 1 else 15
    lines = [
        Line(text, str(y + first + 13 * number), str(width - 8) if len(text) > room else "")
        for number, text in enumerate(texts)
    ]
    return Tile(
        entry=entry,
        row=row,
        column=column,
        x=str(x),
        y=str(y),
        width=str(width),
        middle=str(x + width // 2),
        lines=lines,
    )


def _lines(name: str, room: int) -> tuple[str, ...]:
    """The name on one line, or on two as even as its words allow."""
    words = name.split()
    if len(name) <= room or len(words) == 1:
        return (name,)
    halves = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return min(halves, key=lambda pair: max(map(len, pair)))


def _without_gaps(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A part of a layout keeps its shape without empty rows and columns."""
    rows = sorted({row for row, _column in places})
    columns = sorted({column for _row, column in places})
    return [(rows.index(row), columns.index(column)) for row, column in places]


@cache
def _layout() -> dict[str, tuple[int, int, str]]:
    with _LAYOUT.open(newline="") as rows:
        return {
            row["code"]: (int(row["row"]), int(row["column"]), row["short_name"])
            for row in csv.DictReader(rows)
        }

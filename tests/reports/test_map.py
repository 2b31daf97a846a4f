"""The map of tiles: where each region stands, what its tile says, and where it leads."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from events.choices import EventState
from regions.models import Region
from reports.operations import tallies
from reports.queries.tiles import WIDTH, short_name, tile_map

KALTIM = {
    "64.03": (0, 2),
    "64.11": (1, 0),
    "64.08": (1, 2),
    "64.07": (2, 0),
    "64.02": (2, 1),
    "64.74": (2, 2),
    "64.09": (3, 1),
    "64.72": (3, 2),
    "64.01": (4, 1),
    "64.71": (4, 2),
}


def entries(*codes: str, name: str = "Kabupaten Panjang Sekali") -> list[Any]:
    return [SimpleNamespace(region=Region(code=code, name=name, level="regency")) for code in codes]


def test_map_of_kaltim_is_laid_out_as_people_know_it():
    found = tile_map(entries(*KALTIM))

    assert {tile.entry.region.code: (tile.row, tile.column) for tile in found.tiles} == KALTIM
    assert [tile.entry.region.code for tile in found.tiles] == list(KALTIM)


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(2, 2, 1), (4, 2, 2), (5, 3, 2), (10, 4, 3), (38, 5, 8)]
)
def test_map_elsewhere_is_a_grid_by_code(count, columns, rows):
    found = tile_map(entries(*(f"33.{n:02}" for n in range(1, count + 1))))

    assert [(tile.row, tile.column) for tile in found.tiles] == [divmod(n, columns) for n in range(count)]
    assert max(tile.row for tile in found.tiles) == rows - 1
    assert all(int(tile.x) + int(tile.width) <= WIDTH for tile in found.tiles)


def test_map_of_one_region_is_none():
    assert tile_map(entries("64.07")) is None
    assert tile_map([]) is None


def test_map_part_of_a_layout_has_no_empty_rows():
    found = tile_map(entries("64.02", "64.74"))

    assert [(tile.row, tile.column) for tile in found.tiles] == [(0, 0), (0, 1)]


@pytest.mark.parametrize("name", ["Kabupaten " + "x" * 60, "Kota Ogan Komering Ulu Selatan Timur Laut Daya"])
def test_map_long_names_are_drawn_into_their_tile(name):
    found = tile_map(entries(*(f"33.{n:02}" for n in range(1, 30)), name=name))
    lines = found.tiles[0].lines

    assert len(lines) <= 2
    assert all(line.squeeze == str(int(found.tiles[0].width) - 8) for line in lines)


def test_map_short_names():
    names = {
        "64.02": short_name(Region(code="64.02", name="Kabupaten Kutai Kartanegara", level="regency")),
        "33.72": short_name(Region(code="33.72", name="Kota Surakarta", level="regency")),
        "12": short_name(Region(code="12", name="Sumatera Utara", short_name="Sumut", level="province")),
    }
    assert names == {"64.02": "Kukar", "33.72": "Surakarta", "12": "Sumut"}


def tiles_of(client: Any) -> dict[str, tuple[str, str, str]]:
    """Of the first map: the name → state, address, what is read out, which begins with what is drawn."""
    tallies.refresh()
    html = client.get(reverse("home")).content.decode()
    drawing = html.split('<svg class="tiles"', 1)[1].split("</svg>")[0]
    found = re.findall(r'<a class="tile tile-(\w+)" href="([^"]*)" aria-label="([^"]*)"', drawing)
    return {label.split(": ")[1].split(",")[0]: (state, address, label) for state, address, label in found}


@pytest.fixture
def tour(cast):
    program = cast.program()
    cast.event("Kubar", program=program, state=EventState.DONE, starts_at=cast.at(2024, 10, 21, 19))
    cast.event("Berau", program=program, region_id="64.03.05", starts_at=cast.at(2030, 5, 2, 9), co_hosts=[])
    cast.partner("Sari")
    cast.partner("Budi", unit="polres-berau", region_id="64.03.05")
    return program


def test_map_tile_leads_to_its_event_or_to_planning_one(tour, sign_in):
    events = {
        event.title: reverse("events:event-detail", args=[event.public_id]) for event in tour.events.all()
    }

    tiles = tiles_of(sign_in("bidhumas"))

    assert {name: tile[:2] for name, tile in tiles.items()} == {
        "Berau": ("planned", events["Berau"]),
        "Kutai Barat": ("held", events["Kubar"]),
        "Kutai Kartanegara": (
            "none",
            f"{reverse('events:event-add')}?program={tour.public_id}&amp;region=64.02",
        ),
        "Kota Bontang": ("none", f"{reverse('events:event-add')}?program={tour.public_id}&amp;region=64.74"),
    }
    assert tiles["Kutai Barat"][2] == "Kubar ✓ Okt 2024 1 mitra: Kutai Barat, Terlaksana 21 Oktober 2024"
    assert tiles["Kota Bontang"][2] == "Bontang – belum ada: Kota Bontang, Belum ada dialog"


def test_map_of_a_leader_leads_to_no_page_that_refuses(tour, sign_in):
    client = sign_in("pimpinan")

    for _state, address, label in tiles_of(client).values():
        assert client.get(address.replace("&amp;", "&")).status_code == 200, label


def test_map_of_a_local_unit_holds_its_own_regions_and_no_other(tour, cast, sign_in):
    """Bontang polices one city and a district of a regency; of what others did it is told nothing."""
    draft = {"region_id": "64.74", "state": EventState.DRAFT}
    cast.event("Rancangan", program=tour, co_hosts=["polres-bontang"], **draft)

    tiles = tiles_of(sign_in("bontang"))

    assert {name: tile[0] for name, tile in tiles.items()} == {
        "Kutai Kartanegara": "none",
        "Kota Bontang": "none",
    }


def test_map_of_the_nation_is_for_national_headquarters(tour, sign_in):
    tallies.refresh()

    nation = sign_in("divhumas").get(reverse("home")).context["nation"]

    assert {row.region.code: (row.state, row.people.with_consent) for row in nation.rows} == {
        "61": ("none", 0),
        "64": ("held", 2),
        "91": ("none", 0),
    }
    assert sign_in("bidhumas").get(reverse("home")).context["nation"] is None
    assert sign_in("diskominfo").get(reverse("home")).context["nation"] is None


def test_map_of_the_nation_leads_to_the_events_of_a_province_or_to_its_partners(tour, sign_in):
    tallies.refresh()
    client = sign_in("divhumas")
    html = (
        client.get(reverse("home"))
        .content.decode()
        .split('class="tiles tiles-nation"', 1)[1]
        .split("</svg>")[0]
    )

    addresses = re.findall(r'href="([^"]*)"', html)

    assert addresses == [
        f"{reverse('partners:partner-list')}?province=61",
        f"{reverse('events:event-list')}?region=64",
        f"{reverse('partners:partner-list')}?province=91",
    ]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]

"""The map by keyboard alone, on a phone and on a desk."""

from __future__ import annotations

import pytest

from events.choices import EventState
from reports.operations import tallies
from tests.browser.conftest import DESK, PHONE, axe_violations, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IN_SIGHT = "(r => r.top >= 0 && r.bottom <= innerHeight)(document.activeElement.getBoundingClientRect())"
FOCUSED = "document.activeElement.getAttribute('aria-label') || ''"


@pytest.fixture
def tour(cast):
    program = cast.program()
    cast.event("Dialog Kubar", program=program, state=EventState.DONE, starts_at=cast.at(2024, 10, 21, 19))
    cast.event("Dialog Berau", program=program, region_id="64.03.05", starts_at=cast.at(2030, 5, 2, 9))
    tallies.refresh()
    return program


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_map_is_walked_by_tab_and_opened_by_enter(cast, tour, visit, width):
    window = visit(cast.bidhumas, width=width)
    page = window.page
    window.go("/")
    walked: list[str] = []
    for _n in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate(FOCUSED)
        if name and page.evaluate("document.activeElement.classList.contains('tile')"):
            walked.append(name.split(": ")[1].split(",")[0])
            edge = page.evaluate("getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth")
            assert edge == "4px"
            for _turn in range(50):
                if page.evaluate(IN_SIGHT):
                    break
                page.wait_for_timeout(50)
            assert page.evaluate(IN_SIGHT)
        if walked[-1:] == ["Kutai Barat"]:
            break

    assert walked == ["Berau", "Kutai Barat"]
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "Dialog Kubar"


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize(
    "username", ["bidhumas", "divhumas", "kubar", "bontang", "pimpinan", "privasi", "admin"]
)
def test_home_of_every_role_fits_and_reads_well(cast, tour, visit, width, username):
    window = visit(cast.officers[username], width=width)
    window.go("/")

    assert overflow(window.page) == ""
    assert axe_violations(window.page) == []


@pytest.mark.parametrize("username", ["bidhumas", "divhumas", "kubar", "pimpinan", "privasi", "admin"])
def test_empty_home_of_every_role_fits_and_reads_well(cast, visit, username):
    window = visit(cast.officers[username])
    window.go("/")

    assert overflow(window.page) == ""
    assert axe_violations(window.page) == []


def test_map_tiles_are_wide_enough_for_a_thumb(cast, tour, visit):
    window = visit(cast.bidhumas)
    window.go("/")
    boxes = window.page.evaluate(
        "[...document.querySelectorAll('.tile')].map(t => (r => [r.width, r.height])(t.getBoundingClientRect()))"
    )

    assert len(boxes) == 4
    assert all(width >= 44 and height >= 44 for width, height in boxes), boxes

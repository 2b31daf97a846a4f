"""One evening in Kutai Barat, on a phone of 360 px, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Attendance, Event, Scan
from tests.browser.conftest import DESK, PHONE, settled, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIGURES = "[...document.querySelectorAll('#roll-counts dd')].map(figure => figure.innerText)"
PASSWORD = "sandi-uji-coba-2024"
NAMES = ["Sari Wulandari", "I Made Suardana", "Nur'aini", "Budi Santoso"]


@pytest.fixture
def evening(cast) -> Event:
    """Tonight in Barong Tongkok; four guests are asked, three said yes."""
    event = cast.event("Dialog di Barong Tongkok", starts_at=timezone.now() + timedelta(hours=1))
    for name, answer in zip(NAMES, ["yes", "yes", "yes", "no"], strict=True):
        cast.guest(event, cast.partner(name), answer)
    return event


def figures(page) -> dict[str, int]:
    """The live counts beside the roll, by their place: present, invited, confirmed, walk-ins, not here."""
    # Asked at once: between two questions htmx may put another list in its place.
    page.locator("#roll-counts dd").first.wait_for()
    values = [int(text) for text in page.evaluate(FIGURES)]
    return dict(zip(["present", "invited", "confirmed", "walk_in", "not_here"], values, strict=True))


def wait_for(page, **expected: int) -> None:
    """Until the counts say so: htmx answers in its own time."""
    for _turn in range(150):
        found = figures(page)
        if {key: found[key] for key in expected} == expected:
            return
        page.wait_for_timeout(100)
    assert {key: figures(page)[key] for key in expected} == expected


def log_in_by_keyboard(window, username: str) -> None:
    page = window.page
    window.go("/akun/masuk/")
    tab_to(page, "input[name=login]")
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{window.home}/")


def test_evening_from_the_login_to_the_report(cast, evening, visit):
    cast.kubar.set_password(PASSWORD)
    cast.kubar.save()
    window = visit(width=PHONE)
    page = window.page
    log_in_by_keyboard(window, "kubar")

    # Two taps from the first screen to the roll.
    page.locator(f"a[href='/kegiatan/{evening.public_id}/']").first.click()
    page.locator(f"a[href='/kegiatan/{evening.public_id}/daftar-hadir/']").first.click()
    page.wait_for_url("**/daftar-hadir/")
    assert figures(page) == {"present": 0, "invited": 4, "confirmed": 3, "walk_in": 0, "not_here": 4}

    # A name is found while it is typed; a tap marks it, twice changes nothing.
    page.locator("#roll-q").press_sequentially("made", delay=30)
    expect(page.locator(".roll-row")).to_have_count(1)
    settled(page)
    page.locator(".roll-tap").click()
    page.locator(".roll-row.is-present").wait_for()
    wait_for(page, present=1, not_here=3)
    settled(page)
    assert Attendance.objects.get().participant.display_name == "I Made Suardana"

    # Undo is its own button; the tap can be made again.
    page.locator(".roll-undo").click()
    page.locator(".roll-tap").wait_for()
    wait_for(page, present=0, not_here=4)
    settled(page)
    page.locator(".roll-tap").click()
    wait_for(page, present=1, not_here=3)

    # A walk-in in three fields.
    window.go(f"/kegiatan/{evening.public_id}/daftar-hadir/")
    page.locator(f"a[href='/kegiatan/{evening.public_id}/daftar-hadir/tamu-tambahan/']").first.click()
    page.wait_for_url("**/tamu-tambahan/")
    assert (
        0 < page.locator("main form input:visible:not([type=radio]), main form select:visible").count() <= 3
    )
    page.locator("input[name=name]").fill("Tamu Mendadak")
    page.locator("input[name=contact]").fill("0812-3456-7890")
    page.locator("input[name=consent][value=tonight]").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/daftar-hadir/**")
    wait_for(page, present=2, walk_in=1, not_here=3)

    # The figures of the report are those of the roll.
    window.go(f"/laporan/{evening.public_id}/laporan-cepat/")
    report = page.locator("#quick-report").input_value()
    assert "*Hadir 2 orang* (undangan 1, tambahan 1)" in report
    assert "Diundang: 4 orang" in report
    assert "Tamu Mendadak" not in report
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-copy='#quick-report']").click()
    expect(page.locator("#live")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == report
    assert sorted(Scan.objects.values_list("kind", flat=True)) == ["present", "present", "undo", "walk_in"]


def test_evening_roll_without_javascript(cast, evening, visit):
    """The door apart, every page works without: search and tap are ordinary forms."""
    window = visit(cast.kubar, java_script_enabled=False)
    page = window.page
    window.go(f"/kegiatan/{evening.public_id}/daftar-hadir/")
    page.locator("#roll-q").fill("sari")
    page.locator(".roll-search button[type=submit]").click()
    expect(page.locator(".roll-row")).to_have_count(1)
    with page.expect_navigation():
        page.locator(".roll-tap").click()
    assert figures(page)["present"] == 1
    with page.expect_navigation():
        page.locator(".roll-undo").first.click()
    assert figures(page)["present"] == 0


def test_evening_roll_by_keyboard(cast, evening, visit):
    """Tab to the first guest, Enter, and the place is kept: the next Tab goes on from there."""
    window = visit(cast.kubar, width=DESK)
    page = window.page
    window.go(f"/kegiatan/{evening.public_id}/daftar-hadir/")
    tab_to(page, ".roll-tap")
    page.keyboard.press("Enter")
    page.locator(".roll-row.is-present").wait_for()
    wait_for(page, present=1)
    settled(page)
    expect(page.locator(".roll-row:focus-within")).to_have_count(1)
    expect(page.locator("#live")).not_to_be_empty()
    tab_to(page, ".roll-tap")
    page.keyboard.press("Enter")
    wait_for(page, present=2)


def test_evening_two_officers_tap_the_same_guest(cast, evening, visit):
    """One attendance, and a friendly answer to the second."""
    first, second = visit(cast.kubar), visit(cast.bidhumas)
    for window in (first, second):
        window.go(f"/kegiatan/{evening.public_id}/daftar-hadir/?q=nuraini")
    first.page.locator(".roll-tap").click()
    first.page.locator(".roll-row.is-present").wait_for()
    second.page.locator(".roll-tap").click()
    second.page.locator(".roll-row.is-present").wait_for()

    assert Attendance.objects.count() == 1
    assert cast.kubar.full_name in second.page.locator(".roll-row").inner_text()
    wait_for(second.page, present=1)


def test_evening_tap_without_a_connection_says_so(cast, evening, visit):
    """A tap that was not saved must not look as if it had been."""
    window = visit(cast.kubar)
    page = window.page
    window.go(f"/kegiatan/{evening.public_id}/daftar-hadir/")
    window.context.set_offline(True)
    page.locator(".roll-tap").first.click()
    page.locator("[data-network-note]:visible").wait_for()

    assert page.locator(".roll-row.is-present").count() == 0
    assert Attendance.objects.count() == 0
    window.context.set_offline(False)
    page.locator(".roll-tap").first.click()
    page.locator(".roll-row.is-present").wait_for()
    assert Attendance.objects.count() == 1
    # Chromium and htmx note the failed request in the console: that is what this test is about.
    window.errors = [
        error for error in window.errors if not re.search("ERR_INTERNET_DISCONNECTED|htmx:", error)
    ]


def test_evening_targets_are_made_for_a_thumb(cast, evening, visit):
    window = visit(cast.kubar)
    window.go(f"/kegiatan/{evening.public_id}/daftar-hadir/")
    small = window.page.evaluate(
        """() => [...document.querySelectorAll('main button, main a.btn, main input:not([type=hidden])')]
            .filter((element) => element.offsetParent)
            .map((element) => [element.getBoundingClientRect().height, element.outerHTML.slice(0, 90)])
            .filter(([height]) => height < 44)"""
    )
    assert small == []

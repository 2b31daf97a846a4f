"""Planning a tour in a real browser: the wizard by keyboard alone, and K1 to K3 by copying."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from events.models import Event
from events.operations import roles
from tests.browser.conftest import DESK, PHONE, axe_violations, overflow, settled, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Xylophonistenvereinigungsgeneralversammlungsprotokollfuehrer60"


def _region(page: Page, regency: str, district: str = "") -> None:
    """Choose by the lists, which htmx swaps in one after the other."""
    for level, code in (("regency", regency), ("district", district)):
        box = page.locator(f"[name=region_{level}]")
        if box.input_value() != code:
            expect(box.locator(f"option[value='{code}']")).to_have_count(1)
            box.select_option(code)
            settled(page)


def _choose(page: Page, selector: str, code: str) -> None:
    """Walk down a list with the arrow, as the keyboard does."""
    tab_to(page, selector)
    box = page.locator(selector)
    expect(box.locator(f"option[value='{code}']")).to_have_count(1)
    for _step in range(40):
        if box.input_value() == code:
            break
        page.keyboard.press("ArrowDown")
    assert box.input_value() == code
    settled(page)


def _type(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_wizard_by_keyboard_alone(cast, visit, width):
    program = cast.program(unit=cast.unit("polres-kubar"))
    window = visit(cast.kubar, width=width)
    page = window.page
    window.go(f"/kegiatan/baru/?program={program.public_id}")

    _choose(page, "[name=kind]", "coffee_meeting")
    _choose(page, "[name=region_regency]", "64.07")
    _choose(page, "[name=region_district]", "64.07.07")
    _type(page, "[name=venue]", "Raini's Koffie")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/kegiatan/baru/waktu/"))
    assert (axe_violations(page), overflow(page)) == ([], "")

    tab_to(page, "[name=capacity]")
    page.keyboard.type("30")
    tab_to(page, "main button[formaction]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/kegiatan/baru/$"))
    expect(page.locator("[name=venue]")).to_have_value("Raini's Koffie")
    tab_to(page, "[name=venue]")
    page.keyboard.press("Enter")
    expect(page.locator("[name=capacity]")).to_have_value("30")
    tab_to(page, "[name=capacity]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/kegiatan/baru/peran/"))
    assert (axe_violations(page), overflow(page)) == ([], "")

    _type(page, "[name=dress]", "Batik")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Kutai Barat")
    event = Event.objects.get()
    assert (event.kind, event.region_id, event.venue, event.capacity, event.dress) == (
        "coffee_meeting",
        "64.07.07",
        "Raini's Koffie",
        30,
        "Batik",
    )
    assert (event.program, event.host_unit, event.contact_officer) == (
        program,
        cast.unit("polres-kubar"),
        cast.kubar,
    )


def _copy(page: Page, event: Event, regency: str, district: str, venue: str, day: str) -> Event:
    page.locator(f'main a[href$="{event.public_id}/salin/"]').click()
    _region(page, regency, district)
    page.fill("[name=venue]", venue)
    page.fill("[name=day]", day)
    page.press("[name=venue]", "Enter")
    expect(page.locator("h1")).not_to_have_text("")
    expect(page).to_have_url(re.compile(r"/kegiatan/[0-9a-f-]{36}/$"))
    return Event.objects.latest("pk")


def test_the_tour_is_planned_by_copying(cast, visit):
    """K1 in Kutai Barat by the wizard; from it K3, and from K3 K2: every evening with its own local unit."""
    program, text = cast.program(), cast.pledge_text()
    window = visit(cast.bidhumas)
    page = window.page
    window.go(f"/kegiatan/rangkaian/{program.public_id}/")
    page.locator('a[href*="/kegiatan/baru/"]').first.click()
    page.fill("[name=title]", "Dialog Kehumasan Kutai Barat")
    _region(page, "64.07", "64.07.07")
    page.fill("[name=venue]", "Raini's Koffie")
    page.press("[name=venue]", "Enter")
    page.fill("[name=day]", "2024-10-21")
    page.fill("[name=starts]", "20:00")
    page.press("[name=capacity]", "Enter")
    page.locator("details.pick-box summary").first.click()
    page.locator(f"[name=co_hosts][value='{cast.unit('polres-kubar').pk}']").check()
    page.fill("[name=dress]", "Batik")
    page.fill("[name=answer_by]", "2024-10-18")
    page.press("[name=dress]", "Enter")
    expect(page.locator("h1")).to_have_text("Dialog Kehumasan Kutai Barat")
    k1 = Event.objects.get()
    add = {"event": k1, "by": cast.bidhumas}
    roles.add(role="leader", rank="Kombes Pol", full_name="Yuliyanto", position="Kabid Humas", **add)
    roles.add(role="accompanying", rank="AKBP", full_name="Kade", position="Kapolres", **add)

    page.reload()
    k3 = _copy(page, k1, "64.03", "64.03.05", "Kedai Berau", "2024-10-23")
    k2 = _copy(page, k3, "64.74", "", "Kedai Bontang", "2024-10-22")

    tour = [
        (e.title, e.venue, e.event_units.get().unit.code, e.starts_at, str(e.answer_by)) for e in (k1, k2, k3)
    ]
    assert tour == [
        (
            "Dialog Kehumasan Kutai Barat",
            "Raini's Koffie",
            "polres-kubar",
            cast.at(2024, 10, 21, 20, 0),
            "2024-10-18",
        ),
        (
            "Dialog Kehumasan Bontang",
            "Kedai Bontang",
            "polres-bontang",
            cast.at(2024, 10, 22, 20, 0),
            "2024-10-19",
        ),
        ("Dialog Kehumasan Berau", "Kedai Berau", "polres-berau", cast.at(2024, 10, 23, 20, 0), "2024-10-20"),
    ]
    assert [list(e.roles.values_list("full_name", flat=True)) for e in (k2, k3)] == [["Yuliyanto"]] * 2
    assert {(e.program_id, e.pledge_text_id, e.dress) for e in (k1, k2, k3)} == {
        (program.pk, text.pk, "Batik")
    }
    assert (k2.copied_from, k3.copied_from) == (k3, k1)
    window.go(f"/kegiatan/rangkaian/{program.public_id}/")
    expect(page.locator(".tour-stop .row-title")).to_have_text(
        ["Dialog Kehumasan Kutai Barat", "Dialog Kehumasan Bontang", "Dialog Kehumasan Berau"]
    )


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_long_names_fit_on_every_page_of_planning(cast, visit, width):
    program = cast.program(name=LONG)
    event = cast.event(
        LONG,
        program=program,
        venue=LONG,
        starts_at=cast.at(2024, 10, 21, 20, 0),
        dress=LONG,
        contact_name=LONG,
        contact_phone="+6281234567890",
        contact_officer=cast.bidhumas,
    )
    roles.add(event=event, by=cast.bidhumas, role="speaker", full_name=LONG, institution=LONG)
    window = visit(cast.bidhumas, width=width)
    pages = [
        *(
            f"/kegiatan/kalender/?tampilan={view}&tanggal=2024-10-21"
            for view in ("bulan", "minggu", "daftar")
        ),
        *(f"/kegiatan/{event.public_id}/{end}" for end in ("", "salin/", "undangan/")),
        f"/kegiatan/rangkaian/{program.public_id}/",
        "/kegiatan/baru/",
        "/kegiatan/",
    ]

    found = {}
    for address in pages:
        assert window.go(address).status == 200
        found[address] = (overflow(window.page), axe_violations(window.page))

    assert found == dict.fromkeys(pages, ("", []))

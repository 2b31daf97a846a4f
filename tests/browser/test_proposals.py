"""Minta usulan on a phone of 360 px and by keyboard alone: Bidhumas asks, the Polres proposes, Bidhumas decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Rank
from events.models import EventUnit, Participant, Proposal, ProposalRequest
from events.operations import delegations, proposals
from partners.models import Organization
from partners.search import search_key_for, sort_key_for
from tests.browser.conftest import DESK, PHONE, axe_violations, overflow, settled, tab_to
from tests.cast import today

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Muhammadabdurrahmanwahidhasyimasyarinursalimhidayatullahjaya"
NAMES = ["Ayu", "Budi Santoso", LONG]


@pytest.fixture
def event(cast):
    """Next week in Kutai Barat; Kubar is co-host, and knows three people."""
    for name in NAMES:
        cast.partner(name, handles=[("instagram", name.split()[0].lower()[:20])])
    return cast.event("Dialog di Barong Tongkok", starts_at=timezone.now() + timedelta(days=7))


def press(page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector, limit=90)
    page.keyboard.press(key)


def test_proposals_asked_made_and_taken_by_keyboard(cast, event, visit):
    host, unit = visit(cast.bidhumas, width=PHONE), visit(cast.kubar, width=PHONE)
    page = host.page

    # Bidhumas asks for two names.
    host.go(f"/kegiatan/{event.public_id}/")
    press(page, f"a[href='/kegiatan/{event.public_id}/usulan/minta/']")
    page.wait_for_url("**/usulan/minta/")
    press(page, "input[name=units]", "Space")
    tab_to(page, "input[name=wanted]")
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    press(page, ".action-bar button[type=submit]")
    page.wait_for_url(f"**/{event.public_id}/usulan/")
    asked = ProposalRequest.objects.get()
    assert (asked.unit.code, asked.wanted) == ("polres-kubar", 2)

    # The Polres opens the event, goes to its list, searches, ticks and sends.
    page = unit.page
    unit.go(f"/kegiatan/{event.public_id}/")
    press(page, f"a[href='/kegiatan/usulan/{asked.public_id}/']")
    page.wait_for_url(f"**/usulan/{asked.public_id}/")
    press(page, f"a[href='/kegiatan/usulan/{asked.public_id}/pilih/']")
    page.wait_for_url("**/pilih/")
    expect(page.locator("input[name=partners]")).to_have_count(3)
    tab_to(page, "#id_q")
    page.keyboard.type("budi", delay=30)
    expect(page.locator("input[name=partners]")).to_have_count(1)
    settled(page)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator("input[name=partners]")).to_have_count(3)
    settled(page)
    for name in (NAMES[1], NAMES[2]):
        value = page.locator("li", has_text=name).locator("input").get_attribute("value")
        press(page, f"input[value='{value}']", "Space")
    press(page, "[data-pick-send]")
    page.wait_for_url(f"**/usulan/{asked.public_id}/")
    assert list(Proposal.objects.order_by("pk").values_list("partner__full_name", "state")) == [
        ("Budi Santoso", "proposed"),
        (LONG, "proposed"),
    ]
    assert Participant.objects.count() == 0

    # Bidhumas takes one and sends the other back.
    page = host.page
    host.go(f"/kegiatan/{event.public_id}/")
    press(page, f"#usulan a[href='/kegiatan/{event.public_id}/usulan/']")
    page.wait_for_url(f"**/{event.public_id}/usulan/")
    first, second = Proposal.objects.order_by("pk")
    press(page, f"form[action$='/{first.public_id}/terima/'] button")
    page.wait_for_load_state()
    expect(page.locator(f"form[action$='/{first.public_id}/terima/']")).to_have_count(0)
    press(page, f"a[href$='/{second.public_id}/kembalikan/']")
    page.wait_for_url("**/kembalikan/")
    tab_to(page, "input[name=returned_for]")
    page.keyboard.press("Space")
    press(page, ".action-bar button[type=submit]")
    page.wait_for_url(f"**/{event.public_id}/usulan/**")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.returned_for) == ("accepted", "returned", "no_seat")
    assert [guest.display_name for guest in Participant.objects.all()] == ["Budi Santoso"]


def test_proposals_work_without_javascript(cast, event, visit):
    asked = proposals.ask(
        event=event,
        units=[cast.unit("polres-kubar")],
        wanted=2,
        due_on=today(),
        by=cast.bidhumas,
    )[0]
    unit = visit(cast.kubar, java_script_enabled=False).page
    unit.goto(f"{visit(cast.kubar).home}/kegiatan/usulan/{asked.public_id}/pilih/")
    unit.locator("input[name=partners]").first.check()
    with unit.expect_navigation():
        unit.locator("[data-pick-send]").click()
    host = visit(cast.bidhumas, java_script_enabled=False)
    host.go(f"/kegiatan/{event.public_id}/usulan/")
    with host.page.expect_navigation():
        host.page.locator("form[action$='/terima/'] button").click()

    assert Participant.objects.count() == 1


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_proposals_pages_fit_and_are_accessible(cast, event, visit, width):
    """With a name of 60 letters and one of a single word in every state."""
    Rank.objects.create(abbreviation="AKBP", name="AKBP", group="x", order=1)
    asked = proposals.ask(
        event=event,
        units=[cast.unit("polres-kubar")],
        wanted=3,
        due_on=today(),
        by=cast.bidhumas,
        note=LONG * 2,
    )[0]
    people = [cast.partner(f"{LONG[:50]}{number}") for number in range(3)]
    proposals.propose(asked=asked, partners=people, by=cast.kubar)
    first, second, _third = Proposal.objects.order_by("pk")
    proposals.give_back(proposal=first, returned_for="twice", by=cast.bidhumas)
    proposals.decline(proposal=second, by=cast.bidhumas)
    name = "Perhimpunan" + "Wartawan" * 7
    organization = Organization.objects.create(
        name=name,
        kind="association",
        region_id="64.07",
        unit=cast.unit("polda-kaltim"),
        search_key=search_key_for(name),
        sort_key=sort_key_for(name),
    )
    delegations.invite(event=event, organizations=[organization], by=cast.bidhumas)
    guest = Participant.objects.get(organization=organization)
    meeting = cast.event("Rakernis Humas", kind="working_meeting", invited=["polres-kukar"])
    EventUnit.objects.filter(event=meeting).update(answer="yes", answered_at=timezone.now(), expected=4)
    unit = cast.unit("polres-kubar")
    Participant.objects.create(
        event=meeting,
        kind="personnel",
        unit=unit,
        rank="AKBP",
        display_name=LONG,
        position="Kepala Seksi Hubungan Masyarakat",
        search_key=search_key_for(LONG),
    )
    here, there = f"/kegiatan/{event.public_id}", f"/kegiatan/{meeting.public_id}"
    pages = {
        cast.bidhumas: [
            f"{here}/",
            f"{here}/usulan/",
            f"{here}/usulan/minta/",
            f"{here}/tamu/",
            f"{here}/tamu/organisasi/",
            f"{here}/tamu/{guest.public_id}/utusan/",
            f"{here}/daftar-hadir/",
            f"{there}/",
            f"{there}/unit/",
            f"{there}/daftar-hadir/",
        ],
        cast.kubar: [
            f"{here}/",
            "/kegiatan/usulan/",
            f"/kegiatan/usulan/{asked.public_id}/",
            f"/kegiatan/usulan/{asked.public_id}/pilih/",
            f"{there}/unit/{unit.public_id}/personel/",
            f"{there}/unit/{unit.public_id}/jawaban/",
        ],
    }
    for officer, addresses in pages.items():
        window = visit(officer, width=width)
        for path in addresses:
            assert window.go(path).status == 200, path
            assert axe_violations(window.page) == [], path
            assert overflow(window.page) == "", path

"""The six real events, each by its own role, on a phone: from the log-in to the exact figures; and a first day at work.

Only what a page shows is tapped: links and buttons by their words.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from events.models import Attendance, DirectiveUnit, Event, Participant, Proposal
from partners.models import Partner
from tests.browser.conftest import PHONE, Visit, axe_violations, overflow, settled
from tests.demo.commands import load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DEMO_PASSWORD = "rembuk-demo"
# present, invited, confirmed, walk-ins, not here, personnel and officials
K1 = [31, 42, 30, 5, 16, 3]
K2 = [57, 68, 53, 9, 20, 2]
K3 = [24, 30, 23, 3, 9, 2]
B1 = [11, 14, 11, 0, 3, 3]


def signed_in(visit, username: str) -> Visit:
    """By the form, as people do."""
    window: Visit = visit(width=PHONE)
    page = window.page
    window.go(reverse("account_login"))
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{window.home}/")
    return window


def open_event(window: Visit, title: str) -> None:
    """From the first screen by the bar below, and the list of what has been."""
    page = window.page
    page.get_by_role("link", name="Kegiatan", exact=True).first.click()
    # What the first screen shows must not be counted for the list.
    page.wait_for_url(f"{window.home}{reverse('events:event-list')}*")
    past = page.get_by_role("link", name="Sudah lewat")
    if page.get_by_role("link", name=title).count() == 0:
        past.first.click()
    page.get_by_role("link", name=title).first.click()
    expect(page.locator("h1")).to_contain_text(title)


def figures(page: Page) -> list[int]:
    return [int(text) for text in page.locator(".tallies dd").all_inner_texts()]


def looks_right(page: Page) -> None:
    assert (axe_violations(page), overflow(page)) == ([], "")


def quick_report(page: Page) -> str:
    page.get_by_role("link", name="Laporan cepat").first.click()
    return page.locator("#quick-report").input_value()


def kutai_barat(visit) -> None:
    window = signed_in(visit, "kubar")
    open_event(window, "Dialog Penguatan Kehumasan Kutai Barat")
    assert figures(window.page) == K1
    text = window.page.locator("main").inner_text()
    assert "Senin, 21 Oktober 2024" in text
    assert "malam" in text
    assert "Kombes Pol Yuliyanto, S.I.K., M.Sc." in text
    looks_right(window.page)
    assert "*Hadir 31 orang* (undangan 26, tambahan 5)" in quick_report(window.page)


def berau(visit) -> None:
    window = signed_in(visit, "berau")
    open_event(window, "Dialog Penguatan Kehumasan Berau")
    assert figures(window.page) == K2
    assert "49" in window.page.locator("main").inner_text()
    report = quick_report(window.page)
    assert "*Hadir 57 orang* (undangan 48, tambahan 9)" in report
    assert "49" in report


def kutai_kartanegara(visit) -> None:
    window = signed_in(visit, "kukar")
    open_event(window, "Dialog Penguatan Kehumasan Kutai Kartanegara")
    assert figures(window.page) == K3
    assert "*Hadir 24 orang* (undangan 21, tambahan 3)" in quick_report(window.page)


def coordination(visit) -> None:
    """Polda Kaltim was one of the units; it reports on a directive whose day is still to come."""
    window = signed_in(visit, "bidhumas")
    page = window.page
    open_event(window, "Anev dan Koordinasi Fungsi Kehumasan")
    text = page.locator("main").inner_text()
    assert "WIB" in text or "Selasa, 21 November 2023" in text
    units = page.locator("section", has=page.locator("#units-heading")).inner_text()
    assert [int(number) for number in re.findall(r"\d+", units)] == [6, 6, 18, 18, 16]
    assert page.locator("#arahan li").count() == 6
    looks_right(page)
    page.locator("#arahan").get_by_role("link", name="Menjaga hubungan dengan media.").click()
    page.locator("main a[href*='/arahan/lapor/']").first.click()
    page.locator("[name=report]").fill("(CONTOH) Temu media di Balikpapan.")
    page.locator("[name=evidence_url]").fill("https://contoh.example/temu-media")
    page.locator("main form button[type=submit]").first.click()
    expect(page).not_to_have_url(re.compile("/lapor/"))
    line = DirectiveUnit.objects.get(
        unit__code="polda-kaltim", directive__text="Menjaga hubungan dengan media."
    )
    assert (line.state, line.report) == ("reported", "(CONTOH) Temu media di Balikpapan.")
    assert DirectiveUnit.objects.filter(state="reported").count() == 25

    host = signed_in(visit, "divhumas")
    open_event(host, "Anev dan Koordinasi Fungsi Kehumasan")
    states = host.page.locator("#arahan li").all_inner_texts()
    assert [re.search(r"(\d) dari 6", state).group(1) for state in states] == ["6", "6", "6", "0", "1", "6"]


def media_and_government(visit) -> None:
    window = signed_in(visit, "diskominfo.kalbar")
    page = window.page
    open_event(window, "Optimalisasi Kerjasama Media dan Pemerintah Daerah")
    assert figures(page) == B1
    text = page.locator("main").inner_text()
    assert "Plh. Sekretaris Daerah" in text
    assert "Faisal Riza" in text
    assert "Hotel Mercure Pontianak" in text
    page.get_by_role("link", name="Daftar tamu").first.click()
    expect(page.locator(".guest", has_text="utusan belum disebut")).to_have_count(3)
    looks_right(page)
    window.go("/kegiatan/")
    assert "Polda" not in page.locator("main").inner_text()


def outreach(visit) -> None:
    window = signed_in(visit, "diskominfo.balikpapan")
    page = window.page
    page.get_by_role("link", name="Kegiatan", exact=True).first.click()
    page.get_by_role("link", name="Imbauan").first.click()
    titles = ["Imbauan tidak mudah percaya hoaks", "Sosialisasi netralitas aparatur sipil negara"]
    for title in titles:
        expect(page.get_by_role("link", name=title)).to_have_count(1)
    assert page.get_by_text("Anton Frimanto").count() == 0
    page.get_by_role("link", name=titles[0]).click()
    text = page.locator("main").inner_text()
    assert "Rabu, 2 Oktober 2024" in text
    assert "Zulkifli" in text
    assert "Plt. Kepala Dinas" in text
    assert "Bawaslu" in text
    looks_right(page)

    police = signed_in(visit, "bidhumas")
    police.go("/kegiatan/imbauan/")
    expect(police.page.get_by_role("link", name="Imbauan Kapolresta Balikpapan")).to_have_count(1)
    assert police.page.get_by_text("Zulkifli").count() == 0


def test_scenarios_from_the_log_in_to_their_figures(transactional_db, visit):
    """One loading of the sample for all six: it is the long part."""
    load()
    for scenario in (kutai_barat, kutai_kartanegara, berau, coordination, media_and_government, outreach):
        scenario(visit)


def test_first_day_of_a_polres_officer(transactional_db, visit):
    """Log in, add a partner with consent, propose for next week's event, run the roll."""
    load()
    window = signed_in(visit, "kubar")
    page = window.page

    # A partner, who agrees on this screen.
    page.get_by_role("link", name="Mitra", exact=True).first.click()
    page.get_by_role("link", name="Tambah mitra").first.click()
    page.get_by_label("Nama lengkap").fill("Hari Pertama")
    page.get_by_label("Jenis").select_option(label="Kreator konten")
    page.get_by_label("Sumber data").select_option(label="Bertemu langsung")
    if page.get_by_label("Kabupaten/kota").input_value() != "64.07":
        page.get_by_label("Kabupaten/kota").select_option(label="Kabupaten Kutai Barat")
        settled(page)
    page.get_by_label("Nomor HP").fill("0812-0000-7777")
    page.get_by_role("button", name="Simpan").first.click()
    expect(page.locator("h1")).to_contain_text("Hari Pertama")
    partner = Partner.objects.get(full_name="Hari Pertama")
    assert (partner.status, partner.unit.code) == ("prospective", "polres-kubar")
    page.get_by_role("link", name="Minta di HP ini").click()
    page.get_by_role("button", name="Setuju", exact=True).click()
    page.wait_for_load_state()
    partner.refresh_from_db()
    assert (partner.status, str(partner.phone)) == ("active", "+6281200007777")

    # The proposal that the first screen asks for.
    window = signed_in(visit, "kubar")
    page = window.page
    waiting = page.locator("section", has_text="Menunggu tindak lanjut")
    waiting.get_by_role("link", name="(CONTOH) Dialog Warganet Kutai Barat").first.click()
    page.get_by_role("link", name=re.compile("^Pilih|Usulkan")).first.click()
    page.locator("input[type=search]").first.fill("Hari Pertama")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_label(re.compile("Hari Pertama")).first.check()
    page.locator("[data-pick-send]").first.click()
    expect(page.locator("main")).to_contain_text("Hari Pertama")
    assert Proposal.objects.get(partner=partner).state == "proposed"

    # The evening itself.
    event = Event.objects.get(title="(CONTOH) Dialog Warganet Kutai Barat")
    Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() + timedelta(minutes=20))
    page.get_by_role("link", name="Beranda").first.click()
    page.locator("#upcoming, section", has_text="Berikutnya").get_by_role(
        "link", name=event.title
    ).first.click()
    page.get_by_role("link", name="Daftar hadir").first.click()
    name = Participant.objects.filter(event=event, invitation__answer="yes", partner__isnull=False).first()
    typed = name.display_name[:12].strip()
    page.locator("#roll-q").press_sequentially(typed, delay=20)
    # What is typed is asked for a moment later, and the list is put in place once more.
    page.wait_for_function("text => new URLSearchParams(location.search).get('q') === text", arg=typed)
    settled(page)
    page.locator(".roll-row", has_text=name.display_name).locator(".roll-tap").first.click()
    page.locator(".roll-row.is-present").first.wait_for()
    assert Attendance.objects.get(event=event).participant == name

"""The door's screens beside its list, in a real browser: camera, joint commitment, quick report, kiosk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from events.choices import DeviceKind, EventState
from events.models import Attendance, Event, Pledge, Scan
from events.operations import attendance, devices
from events.queries.tallies import tallies_of
from outbox.links import token_of
from outbox.operations import links
from partners.choices import PartnerKind
from reports.quick_report import build
from tests.browser import fake_camera
from tests.browser.conftest import FLAGS, PATIENCE_MS, PHONE, Visit, axe_violations, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ["Sari Wulandari", "Soeharto Djojo", "Nur'aini", "Yohanes Lejau"]
STAND_IN = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["ean_13", "qr_code"]; }
  async detect(video) { return video.videoWidth ? [{ rawValue: "%s" }] : []; }
};
"""


@pytest.fixture
def evening(cast: Any) -> Event:
    """Four guests and a journalist; the text of the joint commitment has one point."""
    event = cast.event("Dialog di Barong Tongkok", pledge_text=cast.pledge_text())
    for name in NAMES:
        cast.guest(event, cast.partner(name), "yes")
    cast.guest(event, cast.partner("Jurnalis Kubar", kind=PartnerKind.JOURNALIST), "yes")
    return event


@pytest.fixture
def phone(cast: Any, evening: Event) -> Callable[..., Visit]:
    """``phone(window)``: registered by an officer and prepared; the window shows its list."""

    def prepared(window: Visit, kind: str = DeviceKind.OFFICER, label: str = "Kubar-1") -> Visit:
        _device, token = devices.register(event=evening, by=cast.kubar, kind=kind, label=label)
        window.go(f"/door/#t={token}")
        return window

    return prepared


def open_screen(window: Visit, event: Event, part: str) -> Page:
    """Once the list lies on the phone and the shell in its cache."""
    page = window.page
    page.wait_for_function("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")
    page.wait_for_function(
        """() => new Promise((done) => {
            const request = indexedDB.open("rembuk-door");
            request.onsuccess = () => {
                const all = request.result.transaction("packs").objectStore("packs").count();
                all.onsuccess = () => { request.result.close(); done(all.result > 0); };
            };
        })"""
    )
    page.locator(f"a[href='#/e/{event.public_id}']").first.wait_for()
    show(page, event, part)
    return page


def show(page: Page, event: Event, part: str) -> None:
    page.evaluate("hash => { location.hash = hash; }", f"#/e/{event.public_id}/{part}".rstrip("/"))


@pytest.fixture
def camera(chromium: Browser, live_server: Any, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """``camera("text")``: a browser of its own whose camera sees that text as a code."""
    opened: list[Browser] = []
    visits: list[Visit] = []

    def launch(text: str, *scripts: str) -> Visit:
        film = fake_camera.film(tmp_path / "camera.y4m", text)
        browser = chromium.browser_type.launch(
            executable_path="/usr/bin/chromium", args=[*FLAGS, *fake_camera.flags(film)]
        )
        opened.append(browser)
        context = browser.new_context(
            viewport={"width": PHONE, "height": 740}, locale="id-ID", timezone_id="Asia/Makassar"
        )
        context.set_default_timeout(PATIENCE_MS)
        for script in scripts:
            context.add_init_script(script)
        visits.append(Visit(context, live_server.url))
        return visits[-1]

    yield launch
    for browser in opened:
        browser.close()
    for one in visits:
        one.check()


def invitation(event: Event, name: str) -> str:
    """The address in a guest's code; another host than this one must not matter."""
    guest = event.participants.get(display_name=name)
    link = links.issue(
        purpose="invitation_qr", target=guest.public_id, by=None, expires=timezone.now() + timedelta(days=1)
    )
    return f"https://rembuk.example.go.id/q/{token_of(link)}/"


def facts(page: Page) -> list[dict[str, Any]]:
    """What the phone has written, in its order."""
    return page.evaluate(
        """() => new Promise((done) => {
            const request = indexedDB.open("rembuk-door");
            request.onsuccess = () => {
                const all = request.result.transaction("facts").objectStore("facts").getAll();
                all.onsuccess = () => { request.result.close(); done(all.result.sort((a, b) => a.seq - b.seq)); };
            };
        })"""
    )


# Whether the phone knows that its one list is closed.
CLOSED = """() => new Promise((done) => {
  const request = indexedDB.open("rembuk-door");
  request.onsuccess = () => {
    const all = request.result.transaction("events").objectStore("events").getAll();
    all.onsuccess = () => { request.result.close(); done(all.result.every((event) => event.closed)); };
  };
})"""


def sent(page: Page, count: int) -> None:
    """Until the server holds that many facts."""
    for _turn in range(300):
        if Scan.objects.count() >= count:
            break
        page.wait_for_timeout(100)
    assert Scan.objects.count() == count


def offline(window: Visit) -> None:
    """From here on Chromium notes each call that finds no network; that is no error of the page."""
    window.context.set_offline(True)


def online(window: Visit) -> None:
    window.context.set_offline(False)
    window.errors = [error for error in window.errors if "ERR_INTERNET_DISCONNECTED" not in error]


# What is typed, and whom it finds, best first: [name, organisation].
GUESTS = [
    ["Sari Wulandari", "Karang Taruna Sendawar"],
    ["Wulan Adi", "Radio Kubar"],
    ["I Made Suardana", ""],
    ["Nur'aini", ""],
    ["Nur Aini", "Komunitas Sungai"],
    ["Soeharto Djojo", ""],
    ["Tjahjono Muhammad", ""],
    ["Muhamad Rizki", ""],
    ["Sjarif Ph. Yusuf", ""],
    ["Novi Élodie", ""],
    ["Adityawarman", ""],
]
FOUND = {
    "wulan": ["Wulan Adi", "Sari Wulandari"],  # a whole word before a beginning
    "adi": ["Wulan Adi", "Adityawarman"],
    "made i": ["I Made Suardana"],
    "so": ["Soeharto Djojo"],
    "suharto jojo": ["Soeharto Djojo"],
    "cahyono": ["Tjahjono Muhammad"],
    "muhammad": ["Muhamad Rizki", "Tjahjono Muhammad"],
    "nuraini": ["Nur'aini", "Nur Aini"],
    "syarif filip": [],
    "sarif": ["Sjarif Ph. Yusuf", "Sari Wulandari"],  # whoever needs no forgiving comes first
    "nofy elodi": ["Novi Élodie"],
    "wulnadari": ["Sari Wulandari"],  # two letters changed places
    "suardama": ["I Made Suardana"],  # one is wrong
    "warman": ["Adityawarman"],
    "sungai nur": ["Nur Aini"],
    "kubar wulan": ["Wulan Adi"],
    "xyz": [],
    " ": [],
}


def test_names_are_found_however_they_are_spelled(visit):
    window = visit()
    window.go("/door/")
    found = window.page.evaluate(
        """async ([guests, typed]) => {
            const { makeIndex, search } = await import("/static/door/names.js");
            const index = makeIndex(guests.map(([name, organisation]) => ({ name, organisation })));
            return typed.map((text) => [text, search(index, text).map((guest) => guest.name)]);
        }""",
        [GUESTS, list(FOUND)],
    )
    assert dict(found) == FOUND


def test_scan_without_network_is_green_and_sent_later(camera, phone, evening):
    text = invitation(evening, "Sari Wulandari")
    window = phone(camera(text))
    page = open_screen(window, evening, "")
    offline(window)
    show(page, evening, "pindai")

    answer = page.locator(".door-answer")
    expect(answer.locator("h1")).to_have_text("Sari Wulandari")
    expect(answer).to_have_class(re.compile("is-green"))
    assert page.locator(".scan").get_attribute("data-reader") == "zxing"
    assert axe_violations(page) == []
    assert overflow(page) == ""
    # Held before the camera all the while, it is one fact.
    page.locator(".answer-next").click()
    expect(answer).to_have_count(0)
    page.wait_for_timeout(300)
    assert [fact["kind"] for fact in facts(page)] == ["present"]
    assert Scan.objects.count() == 0

    online(window)
    sent(page, 1)
    assert Attendance.objects.get().participant.display_name == "Sari Wulandari"
    # The camera is off where nobody looks at it.
    stream = page.evaluate_handle("document.querySelector('.scan-video').srcObject")
    show(page, evening, "")
    page.locator("#people").wait_for()
    assert stream.evaluate("stream => stream.getTracks().map((track) => track.readyState)") == ["ended"]

    # The reader of the browser is preferred where it has one. Codes that are none of ours, or of nobody here, are told
    # apart; the second may be kept, to be looked at.
    foreign, unknown = "https://contoh.example/menu", f"https://rembuk.example.go.id/q/{'x' * 43}/"
    page.evaluate(f"() => {{ {STAND_IN % foreign} }}")
    show(page, evening, "pindai")
    expect(answer).to_have_class(re.compile("is-red"))
    assert page.locator(".scan").get_attribute("data-reader") == "native"
    assert axe_violations(page) == []
    page.locator(".answer-next").click()
    expect(answer).to_have_count(0)

    page.evaluate("text => { BarcodeDetector.prototype.detect = async () => [{ rawValue: text }]; }", unknown)
    expect(answer).to_have_class(re.compile("is-amber"))
    assert len(facts(page)) == 1
    answer.locator("button").first.click()
    expect(answer.locator(".answer-acts button")).to_have_count(0)
    kept = facts(page)[1]
    assert (kept["kind"], kept.get("participant")) == ("present", None)
    sent(page, 2)
    scan = Scan.objects.latest("pk")
    assert (scan.state, scan.review_reason, scan.participant) == ("needs_review", "unknown", None)


def test_pledge_without_network_on_screen_and_on_paper(visit, phone, evening, cast):
    """A guest of the list, one who was added a minute ago, and one who takes it back and stays present."""
    for guest in evening.participants.filter(display_name__in=[NAMES[1], "Jurnalis Kubar"]):
        attendance.record(event=evening, participant=guest, by=cast.kubar)
    before = Scan.objects.count()
    window = phone(visit())
    page = open_screen(window, evening, "")
    page.locator(".roll-row.is-present").nth(1).wait_for()
    page.locator(".roll-tap", has_text=NAMES[0]).click()
    sent(page, before + 1)
    expect(page.locator(".strip-cell.is-waiting")).to_have_count(0)
    offline(window)
    show(page, evening, "tamu")
    page.locator("#name").fill("Tamu Mendadak")
    page.locator("#contact").fill("0812-3456-7890")
    page.locator("#consent-tonight").check()
    page.locator("#walk-in [type=submit]").click()
    page.locator(".door-answer").wait_for()
    show(page, evening, "komitmen")
    name, found = page.locator("#pledge-name"), page.locator(".pledge-found .row-title")
    assert "Memeriksa kabar sebelum membagikannya." in page.locator(".pledge-text").inner_text()

    # Nobody is listed before a name is typed; who is not here, and Rekan media, are never shown.
    assert found.count() == 0
    for typed in ("jurnalis", "nuraini", "su"):
        name.fill(typed)
        assert found.count() == 0, typed

    # Turning back leaves nothing.
    name.fill("wulan sari")
    expect(found).to_have_text([NAMES[0]])
    page.locator(".pledge-found button").click()
    assert axe_violations(page) == []
    assert overflow(page) == ""
    page.locator(".pledge-acts button").nth(2).click()
    written = ["present", "walk_in"]
    assert [fact["kind"] for fact in facts(page)] == written

    for typed, button in (("sari", 0), ("suharto", 1), ("mendadak", 0)):
        name.fill(typed)
        page.locator(".pledge-found button").click()
        page.locator(".pledge-acts button").nth(button).click()
        page.locator(".pledge-thanks").wait_for()
        assert typed != "mendadak" or axe_violations(page) == []
        page.locator(".pledge-thanks button").first.click()
    name.fill("sari")
    page.locator(".pledge-found .row-side button").click()
    expect(page.locator(".pledge-found .state")).to_have_count(0)
    expect(found).to_have_text([NAMES[0]])
    assert [fact["kind"] for fact in facts(page)] == [*written, "pledge", "pledge", "pledge", "undo"]

    online(window)
    sent(page, before + 6)
    standing = Pledge.objects.filter(withdrawn_at__isnull=True).order_by("pk")
    assert list(standing.values_list("participant__display_name", "channel")) == [
        ("Soeharto Djojo", "paper"),
        ("Tamu Mendadak", "screen"),
    ]
    assert Attendance.objects.count() == 4


def test_report_without_network_and_scan_without_a_camera(visit, phone, evening, cast):
    """Line for line what the server writes, where the phone knows it."""
    window = phone(visit())
    page = open_screen(window, evening, "")
    page.locator(".roll-tap").first.wait_for()
    offline(window)
    for name in ("Sari Wulandari", "Jurnalis Kubar"):
        page.locator(".roll-tap", has_text=name).click()
        page.locator(".answer-next").click()
        page.locator("#people").wait_for()  # it goes back in the history, in its own time
    show(page, evening, "laporan")
    text = page.locator("#report-text").input_value()
    assert "*Hadir 2 orang* (undangan 2, tambahan 0)" in text
    assert "Rekan media di antaranya: 1 orang" in text
    assert text.splitlines()[-1] == "_Angka sementara, 1 HP belum terkirim._"
    assert "Sari" not in text
    assert axe_violations(page) == []
    assert overflow(page) == ""

    online(window)
    sent(page, 2)
    expect(page.locator("#report-text")).not_to_have_value(re.compile("sementara"))
    tallies = tallies_of(evening)
    server = build(evening, [], tallies, tallies.pledges, []).splitlines()
    lines = page.locator("#report-text").input_value().splitlines()
    unlike = [line for line in lines if line not in server]
    # The phone knows neither the region nor when the evening is to end.
    assert [line.partition(":")[0] for line in unlike] == ["Waktu", "Tempat"]
    assert all(any(known.startswith(line) for known in server) for line in unlike)

    # No camera: the way on is said, for each reason another.
    page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia =
            () => Promise.reject(new DOMException("", window.refusal)); }"""
    )
    told = []
    for refusal in ("NotAllowedError", "NotFoundError", "NotReadableError"):
        page.evaluate("name => { window.refusal = name; }", refusal)
        show(page, evening, "pindai")
        page.locator(".scan.is-blind").wait_for()
        told.append(page.locator(".scan-say").inner_text())
        page.locator(".door-back").click()
        page.locator("#people").wait_for()
    assert len(set(told)) == 3


def test_kiosk_tells_nothing_of_who_else_is_here(visit, phone, evening, cast):
    attendance.record(
        event=evening, participant=evening.participants.get(display_name=NAMES[0]), by=cast.kubar
    )
    window = visit()
    # Three seconds of holding are a tenth of that here.
    window.context.add_init_script(
        "const later = setTimeout; setTimeout = (act, after) => later(act, after === 3000 ? 300 : after);"
    )
    phone(window, DeviceKind.KIOSK, "Meja 1")
    page = window.page
    name, hits = page.locator("#kiosk-name"), page.locator(".kiosk-guest-name")
    name.wait_for()
    assert axe_violations(page) == []
    assert overflow(page) == ""
    # The strip says its figures, and leads nowhere.
    expect(page.locator("div.door-strip .strip-cell b")).to_have_text(["0", re.compile(r"\d"), "1"])
    shown = page.locator("body").inner_text()
    assert not [one for one in NAMES if one in shown]
    # Too little to tell one guest from another: "sss" is a single sound.
    for typed in ("so", "sss"):
        name.fill(typed)
        assert hits.count() == 0, typed

    # Whoever was here before is welcomed like any other; nothing is written twice.
    welcomes = []
    for typed, whole in (("wulan", NAMES[0]), ("suharto", NAMES[1])):
        name.fill(typed)
        expect(hits).to_have_text([whole])
        hits.click()
        page.locator(".door-answer.is-green").wait_for()
        welcomes.append(page.locator(".door-answer").inner_text().replace(whole, "*"))
        page.locator(".door-answer button").click()
    assert welcomes[0] == welcomes[1]
    sent(page, 2)
    # On a closed list somebody looks before it counts, as on every other screen (red before: green).
    Event.objects.filter(pk=evening.pk).update(state=EventState.REPORTED)
    page.evaluate("dispatchEvent(new Event('online'))")
    welcomes = []
    for _turn in range(300):
        if page.evaluate(CLOSED):
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(100)
    for typed, whole in (("wulan", NAMES[0]), ("nuraini", NAMES[2])):
        name.fill(typed)
        hits.click()
        page.locator(".door-answer.is-amber").wait_for()
        welcomes.append(page.locator(".door-answer").inner_text().replace(whole, "*"))
        page.locator(".door-answer button").click()
    assert welcomes[0] == welcomes[1]
    Event.objects.filter(pk=evening.pk).update(state=evening.state)

    # No other screen opens, whatever address is tried; a tap on the lock is not enough, nor another name.
    show(page, evening, "")
    page.evaluate("location.hash = '#/kirim'")
    name.wait_for()
    assert page.locator(".roll-tap, a.door-strip").count() == 0
    page.locator(".kiosk-door").click()
    assert page.locator("#kiosk-label").count() == 0
    page.locator(".kiosk-door").dispatch_event("pointerdown")
    assert axe_violations(page) == []
    page.locator("#kiosk-label").fill("Meja 2")
    page.locator(".kiosk-ask button").first.click()
    expect(page.locator(".kiosk-ask [role=alert]")).not_to_be_empty()
    page.locator("#kiosk-label").fill("meja 1")
    page.locator(".kiosk-ask button").first.click()
    page.locator(".roll-tap").first.wait_for()
    page.locator(".door-more").click()
    page.locator("a[href$='/meja']").click()
    page.locator(".kiosk-start").wait_for()
    assert axe_violations(page) == []
    page.locator(".door-back").click()
    page.locator(".roll-tap").first.wait_for()

    # Opened this evening, it locks itself again at the next one, whatever was chosen before.
    other = cast.event("Dialog di Melak", starts_at=timezone.now() + timedelta(hours=3))
    _device, token = devices.register(event=other, by=cast.kubar, kind=DeviceKind.KIOSK, label="Meja 9")
    window.go(f"/door/#t={token}")
    expect(page.locator(".kiosk-event")).to_have_text("Dialog di Melak")
    page.reload()
    expect(page.locator(".kiosk-event")).to_have_text("Dialog di Melak")
    open_kiosk(page, "Meja 9")
    page.locator("#people").wait_for()
    page.evaluate("location.hash = '#/'")
    page.locator(".door-event").nth(1).wait_for()


def open_kiosk(page: Page, label: str) -> None:
    page.locator(".kiosk-door").dispatch_event("pointerdown")
    page.locator("#kiosk-label").fill(label)
    page.locator(".kiosk-ask button").first.click()


def test_table_mode_of_a_phone_that_is_logged_in_begins_with_logging_out(visit, phone, evening, cast):
    """The page of the door cannot know of a session: it says so, and leads there and back. (Red before: Back led a
    guest to the officer's pages.)"""
    window = visit(cast.kubar)
    phone(window)
    page = open_screen(window, evening, "meja")
    expect(page.locator(".kiosk-start")).not_to_have_class(re.compile("btn-primary"))
    page.locator(".kiosk-logout").click()
    page.locator("form[method=post] button.btn-primary").click()
    page.locator(".kiosk-start.btn-primary").wait_for()
    assert axe_violations(page) == []
    assert page.locator(".kiosk-logout").count() == 0
    page.locator(".kiosk-start").click()
    page.locator("#kiosk-name").wait_for()
    window.go("/kegiatan/")
    page.locator("input[type=password]").wait_for()

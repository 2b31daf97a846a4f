"""A phone at the door, with and without network, in a real browser on a real server."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from events import door_files, door_words
from events.choices import ParticipantKind, ReviewReason, ScanKind, ScanState, WalkInConsent
from events.models import Attendance, Device, Event, Participant, Scan
from events.operations import devices, door
from partners.choices import OrganizationKind
from partners.models import Organization
from tests.browser.conftest import INSECURE, PHONE, Visit, axe_violations, overflow, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ["Sari Wulandari", "I Made Suardana", "Nur'aini", "Budi Santoso", "Yohanes Lejau", "M" * 60]
# What IndexedDB holds of the facts: read beside the page, in a transaction of its own.
FACTS = """() => new Promise((done) => {
  const request = indexedDB.open("rembuk-door");
  request.onsuccess = () => {
    const all = request.result.transaction("facts").objectStore("facts").getAll();
    all.onsuccess = () => { request.result.close(); done(all.result); };
  };
})"""

# What the live region says from now on.
SAID = """() => {
  window.said = [];
  const live = document.getElementById("live");
  new MutationObserver(() => live.textContent && window.said.push(live.textContent)).observe(live, { childList: true });
}"""

# The server takes everything; three answers of ten are lost on the way back, the first always, and all come late.
BAD_LINE = """(seed) => {
  const line = window.line = { asked: 0, lost: 0, real: window.fetch.bind(window) };
  window.fetch = async (...given) => {
    const answer = await line.real(...given);
    seed = (seed * 16807) % 2147483647;
    line.asked += 1;
    await new Promise((done) => setTimeout(done, 800));
    if (line.asked > 1 && seed / 2147483647 >= 0.3) return answer;
    line.lost += 1;
    throw new TypeError("lost");
  };
}"""


@pytest.fixture
def evening(cast: Any) -> Event:
    """Tonight in Barong Tongkok: six guests, a seat of an organisation, an official and one of ours."""
    event = cast.event("Dialog di Barong Tongkok", starts_at=timezone.now() + timedelta(hours=1))
    for name in NAMES:
        cast.guest(event, cast.partner(name), "yes")
    seat = {"region_id": "64.07.07", "unit": cast.unit("polres-kubar")}
    press = Organization.objects.create(name="PWI Kutai Barat", kind=OrganizationKind.COMMUNITY, **seat)
    seat["event"] = event
    Participant.objects.create(
        kind=ParticipantKind.DELEGATE, organization=press, institution=press.name, **seat
    )
    Participant.objects.create(kind=ParticipantKind.OFFICIAL, display_name="Camat Barong Tongkok", **seat)
    Participant.objects.create(kind=ParticipantKind.PERSONNEL, display_name="Bripka Andi", **seat)
    return event


class Phone:
    """One phone with its own storage, prepared for the evening; ``page`` is its open tab."""

    def __init__(self, window: Visit, event: Event, officer: Any, label: str) -> None:
        self.window, self.event = window, event
        self.device, token = devices.register(event=event, by=officer, kind="officer", label=label)
        self.page: Page = window.page
        self.page.goto(f"{window.home}/door/#t={token}")
        self.page.locator(".door-ready.is-whole").wait_for()

    def open(self) -> None:
        self.page.locator(f"a[href='#/e/{self.event.public_id}']").first.click()
        self.page.locator("#people").wait_for()

    def offline(self) -> None:
        self.window.context.set_offline(True)

    def online(self) -> None:
        self.window.context.set_offline(False)

    def row(self, name: str) -> Any:
        return self.page.locator(".roll-tap", has_text=name)

    def tap(self, name: str, kind: str = "green") -> None:
        self.row(name).click()
        expect(self.page.locator("#answer")).to_have_class(f"door-answer is-{kind}")
        expect(self.page.locator("#answer h1")).to_have_text(name)

    def next(self) -> None:
        self.page.locator(".answer-next").click()
        self.page.locator("#people").wait_for()

    def admit(self, *names: str) -> None:
        for name in names:
            self.tap(name)
            self.next()

    def walk_in(self, name: str, consent: str = "tonight", contact: str = "", kind: str = "green") -> None:
        self.page.locator("a[href$='/tamu']").first.click()
        if name:
            self.page.locator("#name").fill(name)
            self.page.locator("#contact").fill(contact)
        self.page.locator(f"#consent-{consent}").check()
        self.page.locator("#walk-in button[type=submit]").click()
        expect(self.page.locator("#answer")).to_have_class(f"door-answer is-{kind}")

    def facts(self, status: str = "") -> list[dict[str, Any]]:
        return [fact for fact in self.page.evaluate(FACTS) if status in ("", fact["status"])]

    def strip(self, waiting: int, present: int) -> None:
        cells = self.page.locator(".door-strip .strip-cell b")
        expect(cells.nth(0)).to_have_text(str(waiting))
        expect(cells.nth(2)).to_have_text(str(present))

    def sent(self, but: int = 0) -> None:
        """Back under the network until nothing waits any more, but so many."""
        self.online()
        for _turn in range(300):
            if len(self.facts("waiting")) == but:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"still waiting: {self.facts('waiting')}")

    def reopened(self) -> None:
        """The tab is closed, as by a dead battery, and opened anew."""
        # Killed, not closed: a page that is closed or left in good order gets its network back for a moment.
        with contextlib.suppress(PlaywrightError):
            self.page.goto("chrome://crash")
        self.page.close()
        self.page = self.window.context.new_page()
        self.page.goto(f"{self.window.home}/door/#/e/{self.event.public_id}")
        self.page.locator("#people").wait_for()


@pytest.fixture
def phone(visit: Callable[..., Visit], evening: Event, cast: Any) -> Callable[..., Phone]:
    def prepared(label: str = "Kubar-1", **options: Any) -> Phone:
        return Phone(visit(width=PHONE, **options), evening, cast.kubar, label)

    return prepared


def fine(page: Page) -> None:
    assert axe_violations(page) == []
    assert overflow(page) == ""


def here(event: Event) -> list[str]:
    """Who is present on the server, by name or institution."""
    rows = Attendance.objects.filter(participant__event=event).values_list(
        "participant__display_name", flat=True
    )
    return sorted(rows)


def unbroken(phone: Phone) -> list[int | None]:
    """The numbers that the server has of a phone: 1, 2, 3 ... without a gap."""
    rows = Scan.objects.filter(device_id=phone.device.public_id).order_by("device_sequence")
    numbers = list(rows.values_list("device_sequence", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    return numbers


# Every title and address that the browser's history gets to see, through reloads.
HISTORY = """
  const seen = new Set(JSON.parse(sessionStorage.getItem("history") || "[]"));
  const note = () => {
    [document.title, decodeURIComponent(location.href)].forEach((one) => seen.add(one));
    sessionStorage.setItem("history", JSON.stringify([...seen]));
  };
  new MutationObserver(note).observe(document, { subtree: true, childList: true });
  addEventListener("hashchange", note);
"""


def unnamed(page: Page, *names: str) -> None:
    """No name of the list is in what the history keeps: it outlives the list, and is synchronised with an account."""
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('history'))")
    assert len(kept) > 10
    words = {name.lower() for name in names} | {
        word.lower() for name in NAMES for word in re.findall(r"\w{4,}", name)
    }
    assert [one for one in kept if any(word in one.lower() for word in words)] == []


def test_door_whole_evening_without_signal(phone, evening):
    one = phone()
    page = one.page
    one.window.context.add_init_script(HISTORY)
    page.reload()
    page.locator(".door-ready.is-whole").wait_for()
    # Nothing has happened yet: that is known, too.
    one.strip(waiting=0, present=0)
    assert "#t=" not in page.url
    one.open()
    one.offline()
    fine(page)

    # A few letters, a tap, green; the second tap is amber and says when and who.
    page.locator("#search").press_sequentially("sari")
    expect(page.locator(".roll-tap")).to_have_count(1)
    one.tap("Sari Wulandari")
    fine(page)
    assert [(fact["kind"], fact["seq"], fact["status"]) for fact in one.facts()] == [
        ("present", 1, "waiting")
    ]
    one.next()
    expect(page.locator("#search")).to_have_value("")
    one.tap("Sari Wulandari", "amber")
    expect(page.locator(".answer-when")).to_contain_text("WITA")
    expect(page.locator(".answer-when")).to_contain_text("Kubar-1")
    fine(page)
    one.next()
    one.strip(waiting=1, present=1)

    # Undo is a fact of its own, and the guest may come again.
    one.tap("Budi Santoso")
    page.locator(".answer-undo").click()
    expect(page.locator("#answer")).to_have_class("door-answer is-amber")
    one.next()
    one.strip(waiting=3, present=1)
    one.admit("Budi Santoso", "M" * 60)

    # The seat of an organisation asks who came; officials and personnel stand apart.
    page.locator(".roll-tap", has_text="PWI Kutai Barat").click()
    page.locator("#name").fill("Ketua PWI")
    fine(page)
    page.locator("form button[type=submit]").click()
    expect(page.locator("#answer h1")).to_have_text("Ketua PWI")
    one.next()
    one.tap("Camat Barong Tongkok")
    one.next()
    one.strip(waiting=7, present=4)
    expect(page.locator("#officials .roll-note")).to_contain_text("1")

    # Walk-ins: three fields; one who taps what may be kept; one without a name.
    one.walk_in("Tamu Satu", contact="0812-3456-7890")
    one.next()
    page.locator("a[href$='/tamu']").click()
    page.locator("#walk-in").wait_for()
    assert page.locator("#walk-in fieldset, #walk-in input:not([type=radio])").count() == 3
    page.locator("#walk-in button[type=button]").click()
    expect(page.locator("#name-fault")).to_be_visible()
    fine(page)
    page.locator("#name").fill("Tamu Dua")
    page.locator("#walk-in button[type=button]").click()
    page.locator(".guest-choice").first.wait_for()
    fine(page)
    page.locator(".guest-choice").nth(0).click()
    expect(page.locator("#answer h1")).to_have_text("Tamu Dua")
    one.next()
    one.walk_in("", "anonymous")
    one.next()
    one.strip(waiting=10, present=7)

    page.evaluate("location.hash = '#/'")
    one.strip(waiting=10, present=7)
    page.go_back()
    unnamed(page, *NAMES, "PWI Kutai Barat", "Ketua PWI", "Camat", "Bripka Andi", "Tamu Satu", "Tamu Dua")

    # A reload, and a tab that is closed: nothing is lost.
    page.reload()
    page.locator("#people").wait_for()
    one.strip(waiting=10, present=7)
    one.reopened()
    page = one.page
    one.strip(waiting=10, present=7)
    expect(one.row("Sari Wulandari")).to_contain_text("Kubar-1")
    page.locator(".door-strip").click()
    page.locator("#waiting").wait_for()
    fine(page)
    assert Scan.objects.count() == 0

    one.sent()
    assert here(evening) == sorted(
        [
            "",
            "Budi Santoso",
            "Camat Barong Tongkok",
            "Ketua PWI",
            "M" * 60,
            "Sari Wulandari",
            "Tamu Dua",
            "Tamu Satu",
        ]
    )
    assert len(unbroken(one)) == 10
    kinds = list(Scan.objects.order_by("device_sequence").values_list("kind", flat=True))
    present, walk_in = ScanKind.PRESENT, ScanKind.WALK_IN
    assert kinds == [present, present, ScanKind.UNDO, *[present] * 4, *[walk_in] * 3]
    assert list(
        Participant.objects.filter(kind=ParticipantKind.WALK_IN)
        .order_by("pk")
        .values_list("walk_in_consent", flat=True)
    ) == [WalkInConsent.TONIGHT, WalkInConsent.KEEP, WalkInConsent.ANONYMOUS]
    # What only the server needed has left the phone.
    assert [fact.get("contact") for fact in one.facts()] == [None] * 10
    page.go_back()
    one.strip(waiting=0, present=7)
    for name in ("Tamu Satu", "Tamu Dua"):
        expect(one.row(name)).to_contain_text("Kubar-1")


def test_door_by_keyboard_alone(phone, evening):
    one = phone()
    page = one.page
    tab_to(page, f"a[href='#/e/{evening.public_id}']")
    page.keyboard.press("Enter")
    tab_to(page, "#search")
    page.keyboard.type("1234")
    expect(page.locator("#live")).to_have_text(str(door_words.words()["no_hits"]))
    for _letter in "1234":
        page.keyboard.press("Backspace")
    # Said once, when the typing rests: not at each key.
    page.evaluate(SAID)
    page.keyboard.type("sari")
    expect(page.locator("#live")).to_have_text(str(door_words.words()["hits"]).format(n=1))
    assert page.evaluate("said") == [str(door_words.words()["hits"]).format(n=1)]
    page.keyboard.press("Enter")
    expect(page.locator(".roll-tap:focus")).to_contain_text("Sari")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-next")).to_be_focused()
    expect(page.locator("#live")).to_contain_text("Sari Wulandari")
    page.keyboard.press("Enter")
    expect(page.locator("#search")).to_be_focused()

    tab_to(page, "a[href$='/tamu']")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Tamu Ketik")
    tab_to(page, "#consent-keep")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#consent-tonight")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("#answer h1")).to_have_text("Tamu Ketik")
    tab_to(page, ".answer-undo")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_have_class("door-answer is-amber")
    one.sent()
    assert here(evening) == ["Sari Wulandari"]


def test_door_two_phones_that_never_met(phone, evening):
    """Both admit the same people; each has somebody of its own. Whoever sends first, the result is one."""
    pair = [phone("Kubar-1"), phone("Kubar-2")]
    both = {(0, 1): ["Sari Wulandari", "Budi Santoso"], (1, 0): ["Nur'aini", "Yohanes Lejau"]}
    for one in pair:
        one.open()
    for order, (first, second) in both.items():
        for one in pair:
            one.offline()
        pair[0].admit(first, second)
        pair[1].admit(second, first)
        if order == (0, 1):
            pair[0].walk_in("Tamu Satu")
            pair[0].next()
            pair[1].admit("I Made Suardana")
            pair[1].reopened()
        for at in order:
            pair[at].sent()

    twice = [name for names in both.values() for name in names]
    assert here(evening) == sorted(["I Made Suardana", "Tamu Satu", *twice])
    assert [len(unbroken(one)) for one in pair] == [5, 5]
    assert Scan.objects.filter(state=ScanState.DUPLICATE).count() == 4
    # By the time that each phone wrote down: Kubar-1 was first with all four.
    winners = Attendance.objects.filter(participant__display_name__in=twice)
    assert set(winners.values_list("scan__device_id", flat=True)) == {pair[0].device.public_id}
    # And each phone comes to know what the other did.
    for one in pair:
        one.page.locator(".door-strip").click()
        one.page.locator(".door-acts .btn-primary").click()
        one.page.go_back()
    expect(pair[1].row("Budi Santoso")).to_contain_text("Kubar-1")
    pair[1].tap("Budi Santoso", "amber")
    expect(pair[1].page.locator(".answer-when")).to_contain_text("Kubar-1")
    pair[1].next()
    pair[1].strip(waiting=0, present=6)


def test_door_bad_line_by_chance(phone, evening):
    """Three answers of ten are lost and each comes late, by a seeded chance; two windows of the phone send the same."""
    one = phone()
    one.open()
    other = one.page
    other.evaluate(BAD_LINE, 7)
    one.admit(*NAMES[:3])
    one.walk_in("Tamu Satu")
    one.next()
    # A second window of the same phone numbers on from the first, and each shows what the other wrote.
    one.page = one.window.context.new_page()
    one.page.goto(f"{one.window.home}/door/#/e/{evening.public_id}")
    one.page.locator("#people").wait_for()
    one.page.evaluate(BAD_LINE, 11)
    one.admit(*NAMES[3:5])
    one.tap(NAMES[5])
    one.page.locator(".answer-undo").click()
    for page in (other, one.page):
        expect(page.locator(".door-strip .strip-cell b").nth(2)).to_have_text("6")
    assert sorted(fact["seq"] for fact in one.facts()) == list(range(1, 9))
    for _turn in range(100):
        if not one.facts("waiting"):
            break
        one.page.wait_for_timeout(200)
    lines = [page.evaluate("window.line") for page in (other, one.page)]
    assert sum(line["lost"] for line in lines) >= 2
    for page in (other, one.page):
        page.evaluate("window.fetch = window.line.real")
    assert here(evening) == sorted([*NAMES[:5], "Tamu Satu"])
    assert len(unbroken(one)) == 8
    assert Scan.objects.exclude(state=ScanState.ACCEPTED).count() == 0

    # What one window has sent once more, the other cannot cross out on what it remembers; nor does a late answer of the
    # first sending stand over what was mended since.
    kept = one.page.evaluate(
        """async (event) => {
          const app = document.querySelector("script[type=module]").src;
          const { open } = await import(app.replace("app.js", "store.js"));
          const [first, second] = [await open(), await open()];
          const device = first.deviceFor(event);
          const settle = (store, fact) => store.settle(event, [{ ...fact, status: "rejected", answer: {} }], [], {});
          const fact = await first.addFact({ kind: "walk_in", name: "Tamu Salah", consent: "tonight" }, device);
          await settle(first, fact);
          second.facts.set(fact.uuid, first.facts.get(fact.uuid));
          await first.look(fact.uuid, { again: true, mended: { name: "Tamu Benar" } });
          await second.look(fact.uuid, { again: false });
          await settle(second, fact);
          const note = await first.addFact({ kind: "walk_in", name: "Catatan", consent: "tonight" });
          second.facts.set(note.uuid, note);
          await first.adoptNotes([{ uuid: note.uuid }], device);
          await second.dropNote(note.uuid);
          const tokens = await Promise.all([first, second].map((store) => store.addDevice("x".repeat(43))));
          await first.updateDevice(tokens[0].key, { status: "device" });
          const facts = [fact, note].map(({ uuid }) => second.facts.get(uuid));
          return { facts, phones: new Set(tokens.map(({ key }) => key)).size };
        }""",
        str(evening.public_id),
    )
    told = [(fact["status"], fact["name"], fact["seq"]) for fact in kept["facts"]]
    assert told == [("waiting", "Tamu Benar", 9), ("waiting", "Catatan", 10)]
    assert kept["phones"] == 1
    one.offline()  # what comes back sends at once; else it is the next round's turn, in a quarter of a minute
    one.sent()
    assert len(unbroken(one)) == 10


# One for each 20 facts: what is sent beside, or in the place of, what the page would have written.
BROKEN: list[dict[str, Any]] = [
    {"consent": "selamanya"},
    {"kind": "dance"},
    {"at": "kemarin"},
    {"uuid": "x" * 60},
    {"participant": "bukan"},
    {"seq": 0},
    {"seq": 1},
    {"name": "R" * 5000, "consent": "tonight"},
    {"qr": "\x00"},
    {"kind": "pledge", "participant": "0" * 32, "pledge_text": "0" * 32},
]
# Written as the page writes them, in one transaction, and told as another window of the phone tells it.
WRITE = """([event, facts]) => new Promise((done) => {
  const request = indexedDB.open("rembuk-door");
  request.onsuccess = () => {
    const base = request.result, transaction = base.transaction(["facts", "devices"], "readwrite");
    transaction.objectStore("devices").getAll().onsuccess = ({ target }) => {
      const device = target.result[0];
      for (const fact of facts) {
        transaction.objectStore("facts").add({
          uuid: crypto.randomUUID(), at: new Date().toISOString(), status: "waiting", event,
          device: device.key, seq: (device.sequence += 1), ...fact,
        });
      }
      transaction.objectStore("devices").put(device);
    };
    transaction.oncomplete = () => {
      base.close();
      new BroadcastChannel("rembuk-door").postMessage("changed");
      done();
    };
  };
})"""


def test_door_poisoned_facts(phone, evening):
    """Two hundred wait, and ten of them cannot be taken by anybody: none stands in another's way."""
    guests = Participant.objects.bulk_create(
        [
            Participant(event=evening, kind=ParticipantKind.PARTNER, display_name=f"Warga {n}")
            for n in range(170)
        ]
    )
    one = phone()
    one.open()
    one.offline()
    one.admit(*NAMES[:2])
    facts = []
    for n in range(198):
        broken = BROKEN[n // 20] if n % 20 == 13 else {}
        if n < len(guests) and "consent" not in broken:
            fact = {"kind": "present", "participant": guests[n].public_id.hex, "shown": f"Warga {n}"}
        else:
            fact = {"kind": "walk_in", "name": f"Tamu {n}", "shown": f"Tamu {n}", "consent": "tonight"}
        facts.append(fact | broken)
    one.page.evaluate(WRITE, [str(evening.public_id), facts])
    expect(one.page.locator(".door-strip .is-waiting b")).to_have_text("200")
    one.sent()

    assert Scan.objects.count() == 190
    assert here(evening) == sorted(
        [*NAMES[:2], *(fact.get("name") or fact["shown"] for n, fact in enumerate(facts) if n % 20 != 13)]
    )
    rejected = one.facts("rejected")
    assert len(rejected) == 10
    codes = {fact["answer"]["code"] for fact in rejected}
    assert codes == {"malformed", "sequence", "unknown", "pledge_text"}
    assert all(fact["answer"]["sentence"] for fact in rejected)
    # The next guest is let in as ever.
    one.admit("Budi Santoso")
    one.sent()
    assert "Budi Santoso" in here(evening)

    one.page.locator(".strip-cell.is-rejected").wait_for()
    one.page.locator(".door-strip").click()
    expect(one.page.locator(".queue-why")).to_have_count(10)
    assert {fact["answer"]["sentence"] for fact in rejected} == set(
        one.page.locator(".queue-why").all_inner_texts()
    )
    fine(one.page)
    # A walk-in is mended, and goes under its own number; others leave when somebody has looked, asked once.
    one.page.locator("a[href^='#/kirim/']").first.click()
    expect(one.page.locator("#name")).to_have_value("Tamu 13")
    fine(one.page)
    one.page.locator("#consent-tonight").check()
    one.page.locator("#walk-in button[type=submit]").click()
    expect(one.page.locator(".queue-why")).to_have_count(9)
    one.page.locator(".queue-acts button:nth-last-child(1)").first.click()
    one.page.locator(".queue-acts .btn-danger").click()
    expect(one.page.locator(".queue-why")).to_have_count(8)
    one.sent()
    assert len(one.facts("rejected")) == 8
    assert len(here(evening)) == 190 + 2
    # What was mended is not what the next guest's form begins with.
    one.page.evaluate("hash => { location.hash = hash; }", f"#/e/{evening.public_id}/tamu")
    expect(one.page.locator("#name")).to_have_value("")


@pytest.mark.expects_error_log
def test_door_mark_over_which_the_server_stumbles(phone, evening, monkeypatch):
    """A fault of ours, which is an error for all that is sent with that mark: it is found by halves, stands by itself
    among what waits, and all others pass it by."""
    fact = door._fact

    def faulty(door: Any, item: Any, *more: Any) -> Any:
        if item.participant == batu.public_id:
            raise ZeroDivisionError
        return fact(door, item, *more)

    batu = Participant.objects.get(display_name="Yohanes Lejau")
    monkeypatch.setattr(door, "_fact", faulty)
    one = phone()
    one.window.forgiven = ("status of 500",)
    one.open()
    one.offline()
    one.admit("Yohanes Lejau")
    one.walk_in("Tamu Baik")
    one.sent(but=1)
    assert [fact["participant"] for fact in one.facts("waiting")] == [batu.public_id.hex]
    assert here(evening) == ["Tamu Baik"]
    # Who comes next does not wait for it either.
    one.next()
    one.admit("Budi Santoso")
    one.sent(but=1)
    assert here(evening) == ["Budi Santoso", "Tamu Baik"]
    # It is there to be seen; the server knows that this phone holds one, and so does the phone: it is one phone.
    one.page.locator(".door-strip").click()
    expect(one.page.locator("section[aria-labelledby=waiting] .queue-row")).to_have_count(1)
    expect(one.page.locator("section[aria-labelledby=waiting] .queue-row")).to_contain_text("Yohanes Lejau")
    one.page.evaluate("hash => { location.hash = hash; }", f"#/e/{evening.public_id}/laporan")
    expect(one.page.locator("#report-text")).to_have_value(re.compile(" 1 HP belum terkirim"))
    monkeypatch.undo()
    one.offline()
    one.sent()
    assert len(here(evening)) == 3


def test_door_storage_that_fails_turns_red(phone):
    one = phone()
    page = one.page
    one.open()
    page.evaluate(
        """() => {
          window.kept = IDBObjectStore.prototype.add;
          IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
          window.greens = 0;
          new MutationObserver(() => { window.greens += document.querySelectorAll(".is-green, .is-present").length; })
            .observe(document.body, { subtree: true, childList: true });
        }"""
    )
    one.row("Sari Wulandari").click()
    page.locator(".door-answer.is-red[role=alert]").wait_for()
    expect(page.locator(".door-strip")).to_have_class("door-strip is-broken")
    fine(page)
    assert page.evaluate("window.greens") == 0
    assert one.facts() == []

    # A transaction that is undone at the very end is as red.
    page.locator(".answer-acts .btn").first.click()
    page.evaluate(
        """() => { IDBObjectStore.prototype.add = function (...row) {
          const request = window.kept.apply(this, row);
          request.addEventListener("success", () => this.transaction.abort());
          return request;
        }; }"""
    )
    one.row("Sari Wulandari").click()
    page.locator(".door-answer.is-red[role=alert]").wait_for()
    assert page.evaluate("window.greens") == 0
    assert one.facts() == []

    # Where the phone writes again, the next tap is green, and its number follows the last that was written.
    page.locator(".answer-acts .btn").first.click()
    page.evaluate("() => { IDBObjectStore.prototype.add = window.kept; }")
    one.tap("Sari Wulandari")
    assert [fact["seq"] for fact in one.facts()] == [1]


def test_door_revoked_phone_with_a_wrong_clock_and_a_new_version(phone, evening, cast, monkeypatch):
    """All that a phone may meet between the tap and the sending; nothing of it loses a fact."""
    one = phone()
    page = one.page
    hour = 3600 * 1000
    one.window.context.add_init_script(
        f"""const Real = Date; Date = class extends Real {{
          constructor(...given) {{ if (given.length) super(...given); else super(Real.now() + {hour}); }}
          static now() {{ return Real.now() + {hour}; }}
        }};"""
    )
    page.reload()
    page.locator(".door-ready.is-whole").wait_for()
    one.open()
    for _turn in range(100):
        if page.evaluate(FACTS.replace('"facts"', '"events"'))[0]["offset"] < -hour / 2:
            break
        page.wait_for_timeout(100)
    one.offline()
    before = timezone.now()
    one.admit("Sari Wulandari")
    # It bears what the phone knew of its clock; and what may be undone goes by that, should the clock be set meanwhile.
    assert one.facts()[0]["offset"] == pytest.approx(-hour, abs=60_000)
    assert page.evaluate(
        """async (hour) => {
          const app = document.querySelector("script[type=module]").src;
          const { people, undoable } = await import(app.replace("app.js", "presence.js"));
          const mark = (uuid, minutes, more) => ({ uuid, kind: "present", participant: "p", status: "sent",
            answer: { status: "stored" }, at: new Date(minutes * 60000).toISOString(), ...more });
          const may = (minutes, offset, now) => undoable([mark("a", minutes, { offset })], "p", now, 60 * 60000).length;
          const here = (...facts) => people(new Map([["p", ["p", "", "", "partner", null, mark("", 1).at, "K"]]]),
            [...facts, { uuid: "u", kind: "undo", undoes: "b", status: "waiting" }], "K").get("p").presentAt;
          return [may(50, -hour, -hour), may(44, -hour, -hour), may(50 + 60, -hour, 0), may(50, -hour, 0), may(50),
            Boolean(here(mark("b", 2))), Boolean(here(mark("a", 1), mark("b", 2)))];
        }""",
        hour,
    ) == [1, 0, 1, 0, 1, False, True]

    # A new version is found while the queue waits; it takes over when the officer says so.
    monkeypatch.setattr(door_files, "_version", lambda language: "0123456789abcdef")
    page.route("**/scans", lambda route: route.abort())
    one.window.forgiven = ("net::ERR_FAILED",)
    one.online()
    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    page.evaluate("location.hash = '#/'")
    # All its files come first.
    page.locator(".door-note .btn").wait_for()
    with page.expect_navigation():
        page.locator(".door-note .btn").click()
    page.locator(".door-ready.is-whole").wait_for()
    assert page.evaluate("caches.keys()") == ["door-0123456789abcdef"]
    assert len(one.facts("waiting")) == 1
    page.unroute("**/scans")
    # Else it is the turn of the next attempt, which after several failures is half a minute away.
    page.evaluate("dispatchEvent(new Event('online'))")
    one.sent()
    scan = Scan.objects.get()
    assert abs(scan.at - before) < timedelta(seconds=60)
    assert scan.device_at is not None
    assert abs(scan.device_at - before - timedelta(hours=1)) < timedelta(seconds=60)

    # Taken off while it was out of reach: what it wrote comes all the same, to be looked at, and the names leave it.
    one.open()
    one.offline()
    one.admit("Budi Santoso")
    devices.revoke(device=Device.objects.get(pk=one.device.pk), by=cast.kubar)
    one.sent()
    page.locator("#notices .alert-danger").wait_for()
    late = Scan.objects.get(participant__display_name="Budi Santoso")
    assert (late.state, late.review_reason) == (ScanState.NEEDS_REVIEW, ReviewReason.REVOKED_DEVICE)
    assert here(evening) == ["Sari Wulandari"]
    expect(one.row("I Made Suardana")).to_have_count(0)
    fine(page)

    # A day after the event all of it leaves the phone, but what was not sent.
    one.offline()
    # It counts only once somebody looked: not green.
    one.walk_in("Tamu Malam", kind="amber")
    page.evaluate(
        """() => new Promise((done) => {
          const request = indexedDB.open("rembuk-door");
          request.onsuccess = () => {
            const base = request.result, transaction = base.transaction("devices", "readwrite");
            const devices = transaction.objectStore("devices");
            devices.getAll().onsuccess = ({ target }) => {
              devices.put({ ...target.result[0], expires_at: "2024-10-22T20:00:00Z" });
            };
            transaction.oncomplete = () => { base.close(); done(); };
          };
        })"""
    )
    page.reload()
    page.locator("#people").wait_for()
    assert [fact["shown"] for fact in one.facts()] == ["Tamu Malam"]
    one.sent()
    assert Scan.objects.get(kind=ScanKind.WALK_IN).state == ScanState.NEEDS_REVIEW
    # A page that stays open all the while ends as one that is opened anew.
    one.offline()
    one.online()
    page.locator(".door-event").wait_for()
    assert one.facts() == []
    expect(page.locator("main")).not_to_contain_text("Barong Tongkok")


def test_door_notes_before_there_is_a_list(visit, evening, cast):
    """A phone that was never prepared loses nobody: the event is chosen when there is one."""
    window = visit(width=PHONE)
    page = window.page
    window.go("/door/")
    fine(page)
    page.evaluate("navigator.serviceWorker.ready")
    window.context.set_offline(True)
    page.locator("a[href='#/catat']").click()
    long = "T" * 60
    for name in ("Sari Wulandari", long, "Salah Tulis"):
        page.locator("#name").fill(name)
        page.locator("#consent-tonight").check()
        page.locator("#walk-in button[type=submit]").click()
        expect(page.locator("#notes ~ ul b").first).to_have_text(name)
    fine(page)
    page.reload()
    page.locator(".queue-acts .btn").first.click()
    expect(page.locator(".queue-row")).to_have_count(3)  # asked once: nobody else knows of this guest
    page.locator(".queue-acts .btn-danger").click()
    expect(page.locator(".queue-row")).to_have_count(2)

    window.context.set_offline(False)
    first, token = devices.register(event=evening, by=cast.kubar, kind="officer", label="Kubar-1")
    page.goto(f"{window.home}/door/#t={token}")
    page.locator(f"a[href='#/catat/{evening.public_id}']").click()
    page.locator(".door-choice").first.wait_for()
    fine(page)
    page.locator(".door-acts .btn-primary").click()
    page.locator("#people").wait_for()
    for _turn in range(150):
        if Scan.objects.count() == 2:
            break
        page.wait_for_timeout(100)
    assert here(evening) == ["Sari Wulandari", long]
    assert sorted(Scan.objects.values_list("kind", flat=True)) == [ScanKind.PRESENT, ScanKind.WALK_IN]

    # Another evening on the same phone: each keeps its own list, its own numbers and its own guests.
    other = cast.event("Dialog di Melak", starts_at=timezone.now() + timedelta(hours=1))
    cast.guest(other, cast.partner("Dewi Lestari"), "yes")
    second, token = devices.register(event=other, by=cast.kubar, kind="officer", label="Kubar-2")
    page.goto(f"{window.home}/door/#t={token}")
    expect(page.locator(".door-ready.is-whole")).to_have_count(2)
    fine(page)
    window.context.set_offline(True)
    for event, name in ((other, "Dewi Lestari"), (evening, "Budi Santoso")):
        page.locator(f"a[href='#/e/{event.public_id}']").first.click()
        expect(page.locator(".door-title")).to_have_text(event.title)
        page.locator(".roll-tap", has_text=name).click()
        page.locator(".answer-next").click()
        page.locator("#people").wait_for()
        # The back button leads out of the list, not through each guest of the evening.
        page.go_back()
        page.locator(".door-event").first.wait_for()
    expect(page.locator(".door-strip .is-waiting b")).to_have_text("2")
    window.context.set_offline(False)
    for _turn in range(150):
        if Scan.objects.count() == 4:
            break
        page.wait_for_timeout(100)
    assert here(other) == ["Dewi Lestari"]
    assert here(evening) == ["Budi Santoso", "Sari Wulandari", long]
    numbers = Scan.objects.order_by("device_id", "device_sequence").values_list(
        "device_id", "device_sequence"
    )
    assert sorted(numbers) == sorted(
        [(first.public_id, 1), (first.public_id, 2), (first.public_id, 3), (second.public_id, 1)]
    )


def test_door_without_https_says_so(visit, evening, cast):
    """Camera and work without signal need it; the list does its work all the same."""
    window = visit(width=PHONE)
    window.home = window.home.replace("localhost", INSECURE)
    window.forgiven = ("Cross-Origin-Opener-Policy",)
    page = window.page
    _device, token = devices.register(event=evening, by=cast.kubar, kind="officer", label="Kubar-1")
    window.go(f"/door/#t={token}")
    page.locator(f"a[href='#/e/{evening.public_id}']").wait_for()
    assert not page.evaluate("isSecureContext")
    words = door_words.words()
    expect(page.locator(".alert-danger")).to_contain_text(words["insecure"])
    expect(page.locator(".door-ready")).to_contain_text(words["page_online_only"])
    fine(page)
    page.locator(f"a[href='#/e/{evening.public_id}']").first.click()
    page.locator("a[href$='/pindai']").click()
    expect(page.locator(".scan-say")).to_have_text(words["scan_insecure"])
    expect(page.locator(".scan a[href], .scan-acts a[href]")).to_have_count(1)
    fine(page)
    page.locator(".door-back").click()
    page.locator(".roll-tap", has_text="Sari Wulandari").click()
    expect(page.locator("#answer")).to_have_class("door-answer is-green")

"""What becomes of a mark at the door when the list was changed behind the phone's back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from events import door_files
from events.choices import ParticipantKind
from events.models import Attendance, Participant, Scan
from events.operations import attendance, delegations, devices, guests
from partners.models import Organization
from tests.browser.conftest import PHONE, Visit, tab_to
from tests.browser.test_door import WRITE, Phone, evening, fine, here, phone

__all__ = ["evening", "phone"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_door_who_was_taken_off_the_list_after_the_mark_stays_to_be_seen(phone, evening, cast: Any) -> None:
    """Red before: the server knew nobody by that mark, and the phone forgot the name."""
    kubar = phone()
    kubar.open()
    kubar.offline()
    kubar.admit("Sari Wulandari")
    guests.remove(participant=Participant.objects.get(display_name="Sari Wulandari"), by=cast.bidhumas)

    kubar.sent()

    assert (Scan.objects.get().review_reason, Scan.objects.get().participant) == ("unknown", None)
    kubar.strip(waiting=0, present=0)
    expect(kubar.row("Sari Wulandari")).to_have_count(1)
    kubar.reopened()
    expect(kubar.row("Sari Wulandari")).to_have_count(1)


def test_door_number_that_another_storage_has_used_is_given_anew(
    visit: Callable[..., Visit], evening, cast: Any
) -> None:
    """One address opened in two browsers: both number from one, and no mark may be stuck for ever (red before)."""
    device, token = devices.register(event=evening, by=cast.kubar, kind="officer", label="Kubar-1")
    pair = []
    for name in ("Sari Wulandari", "Budi Santoso"):
        one = object.__new__(Phone)
        one.window, one.event, one.device = visit(width=PHONE), evening, device
        one.page = one.window.page
        one.page.goto(f"{one.window.home}/door/#t={token}")
        one.page.locator(".door-ready.is-whole").wait_for()
        one.open()
        one.offline()
        one.admit(name)
        pair.append(one)
    for one in pair:
        one.sent()
    late = pair[1]
    assert [fact["answer"]["code"] for fact in late.facts("rejected")] == ["sequence"]

    late.page.goto(f"{late.window.home}/door/#/kirim")
    late.page.locator(".queue-acts button").first.click()
    expect(late.page.locator(".strip-cell.is-rejected")).to_have_count(0)
    late.sent()

    assert (here(evening), late.facts("rejected")) == (["Budi Santoso", "Sari Wulandari"], [])
    assert Attendance.objects.count() == 2


def test_door_is_shut_while_a_guest_holds_the_phone_and_opens_with_the_password(
    visit: Callable[..., Visit], evening, cast: Any
) -> None:
    """The page lies on the phone, where the server shuts nothing (red before: the list stood open)."""
    cast.kubar.set_password("kata-sandi-panjang")
    cast.kubar.save(update_fields=["password"])
    kubar = Phone(visit(cast.kubar, width=PHONE), evening, cast.kubar, "Kubar-1")
    page, context = kubar.page, kubar.window.context
    kubar.open()
    context.route("**/api/**", lambda route: route.abort("internetdisconnected"))
    kubar.admit("Sari Wulandari")
    page.locator("a[href$='/tamu']").first.click()
    page.locator("#name").fill("Setengah Jadi")

    guest = context.new_page()
    partner = cast.partner("Tamu di meja")
    guest.goto(f"{kubar.window.home}{reverse('partners:consent-screen', args=[partner.public_id])}")
    guest.locator("button[value=yes]").click()
    guest.locator(".consent-thanks").wait_for()

    page.bring_to_front()
    page.locator("body[data-screen=held] h1").wait_for()
    fine(page)
    page.locator(".held-offline summary").click()
    page.locator(".held-offline a").click()
    expect(page.locator("#name")).to_have_value("")
    kubar.offline()
    page.reload()
    page.goto(f"{kubar.window.home}/door/#/e/{evening.public_id}")
    page.locator("body[data-screen=held] h1").wait_for()
    assert "Sari" not in page.locator("body").inner_text()
    assert len(kubar.facts("waiting")) == 1
    kubar.strip(waiting=1, present=1)
    assert page.locator("a.door-strip").count() == 0

    # Far from any signal the phone still takes down who comes: names go in, and none is shown, nor any other screen.
    page.locator(".held-offline summary").click()
    page.locator(".held-offline a").click()
    for name in ("Budi Santoso", "Tamu Gelap"):
        expect(page.locator("#name")).to_have_value("")
        page.locator("#name").fill(name)
        page.locator("#consent-tonight").check()
        page.locator("#walk-in [type=submit]").click()
        page.locator("#door .alert-success").wait_for()
        expect(page.locator("#name")).to_have_value("")
        assert name not in page.locator("body").inner_text()
    fine(page)
    expect(page.locator("div.door-strip .strip-cell b").first).to_have_text("3")
    page.keyboard.press("Escape")
    page.locator(".held-offline").wait_for()
    page.goto(f"{kubar.window.home}/door/#/catat")
    page.locator(".held-offline").wait_for()
    context.unroute("**/api/**")
    kubar.sent(but=2)
    assert here(evening) == ["Sari Wulandari"]

    page.locator("#door a").first.click()
    page.locator("input[type=password]").fill("kata-sandi-panjang")
    page.locator("input[type=password]").press("Enter")
    page.locator(f"a[href='#/catat/{evening.public_id}']").click()
    page.locator(".door-acts .btn-primary").click()
    page.locator("#people").wait_for()
    kubar.sent()
    assert here(evening) == ["Budi Santoso", "Sari Wulandari", "Tamu Gelap"]
    expect(kubar.row("Sari Wulandari")).to_have_count(1)


# Who has the focus: "" for the page itself, which is nobody; and whether it shows.
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  if (one === document.body) return ["", false];
  return [one.tagName, one.tagName === "H1" || style.outlineStyle !== "none" || style.boxShadow !== "none"];
}"""


def test_door_every_other_screen_by_keyboard_alone(phone, evening, cast: Any) -> None:
    """Delegate, joint commitment, report, what was refused, notes and the table: each control by Tab, with a ring
    around it, Enter acts, Escape leads back, and after an answer the focus is never lost. (Red before at most Escapes,
    and where a note was crossed out.)"""
    evening.pledge_text = cast.pledge_text()
    evening.save(update_fields=["pledge_text"])
    one = phone()
    page, keys = one.page, one.page.keyboard
    # Three seconds of holding are a tenth of that here.
    one.window.context.add_init_script(
        "const later = setTimeout; setTimeout = (act, after) => later(act, after === 3000 ? 300 : after);"
    )
    page.reload()
    page.locator(".door-ready.is-whole").wait_for()

    def press(selector: str) -> None:
        tab_to(page, selector)
        assert page.evaluate(FOCUS)[1], f"{selector} does not show that it has the focus"
        keys.press("Enter")

    def somewhere() -> None:
        page.wait_for_timeout(150)
        assert page.evaluate(FOCUS)[0] != ""

    def other(part: str) -> None:
        press(".door-more")
        press(f"a[href$='/{part}']")
        page.locator(f"body[data-screen={part}]").wait_for()

    focused = lambda selector: expect(page.locator(selector)).to_be_focused()  # noqa: E731

    press(f"a[href='#/e/{evening.public_id}']")
    tab_to(page, "#search")
    keys.type("pwi")
    for _turn in range(2):
        press(".roll-tap")
        focused("#name")
        keys.press("Escape")
        page.locator("#people").wait_for()
        somewhere()
    press(".roll-tap")
    focused("#name")  # who types before the field is there types beside it
    keys.type("Ketua PWI")
    keys.press("Escape")  # not out of what is typed
    press("form.door-form [type=submit]")
    focused(".answer-next")
    keys.press("Escape")
    focused("#search")

    other("komitmen")
    for act in (".pledge-acts .door-back", ".pledge-acts .btn-primary"):
        tab_to(page, "#pledge-name")
        keys.type("ketua")
        press(".pledge-found button")
        focused("#door h1")
        press(act)
    focused(".pledge-thanks h1")
    press(".pledge-thanks .answer-acts button:last-child")
    focused("#pledge-name")
    somewhere()
    press(".pledge-found button")  # what was typed stands there still
    press(".pledge-acts .btn:nth-child(2)")
    focused(".pledge-thanks h1")
    keys.press("Escape")
    focused("#pledge-name")
    keys.type("ketua")
    press(".pledge-found .row-side button")
    focused("#pledge-name")
    one.sent()
    somewhere()
    tab_to(page, ".door-strip")
    keys.press("Escape")
    page.locator("#people").wait_for()
    somewhere()

    other("laporan")
    press(".report-copy")
    somewhere()
    tab_to(page, "#report-text")
    keys.press("Escape")
    page.locator("#people").wait_for()

    refused = [
        {"kind": "walk_in", "name": name, "shown": name, "consent": "perhaps"} for name in ("Satu", "Dua")
    ]
    page.evaluate(WRITE, [str(evening.public_id), refused])
    expect(page.locator(".door-strip .is-waiting b")).to_have_text("2")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(".door-strip .is-rejected").wait_for()
    press(".door-strip")
    press(".queue-acts a")
    focused("#door h1")
    tab_to(page, "#consent-keep, #consent-tonight, #consent-anonymous")
    keys.press("Escape")
    page.locator(".queue-row").nth(1).wait_for()
    press(".queue-acts a + .btn")
    somewhere()
    for left in (1, 0):
        expect(page.locator(".strip-cell.is-rejected b")).to_have_text(str(left + 1))
        press(".queue-acts .btn:last-child")
        focused(".queue-acts .btn-danger")
        keys.press("Enter")
        expect(page.locator(".queue-row")).to_have_count(left)
        somewhere()
    keys.press("Escape")
    page.locator("#people").wait_for()

    press(".door-head .door-back")
    press("a[href='#/catat']")
    for name in ("Tamu Satu", "Tamu Dua"):
        focused("#name")
        keys.type(name)
        tab_to(page, "#consent-keep")
        keys.press("Space")
        keys.press("Enter")
        expect(page.locator("#notes ~ ul b").first).to_have_text(name)
    for left in (1, 0):
        press(".queue-acts .btn")
        focused(".queue-acts .btn-danger")
        keys.press("Enter")
        expect(page.locator(".queue-row")).to_have_count(left)
        somewhere()
    keys.press("Escape")
    page.locator(".door-ready").wait_for()

    press(f"a[href='#/e/{evening.public_id}']")
    other("meja")
    tab_to(page, ".kiosk-logout")
    press(".kiosk-start")
    focused("#door h1")
    tab_to(page, "#kiosk-name")
    keys.type("sari")
    press(".kiosk-guest")
    focused(".door-answer.is-green h1")
    keys.press("Escape")
    focused(".kiosk > h1")
    press(".kiosk-code")
    page.locator(".scan").wait_for()
    somewhere()
    keys.press("Escape")
    for label in ("", "Kubar-1"):
        focused(".kiosk > h1")
        tab_to(page, ".kiosk-door")
        keys.down("Enter")
        focused("#kiosk-label")
        keys.up("Enter")
        if label:
            keys.type(label)
            keys.press("Enter")
        else:
            keys.press("Escape")
    page.locator("#people").wait_for()
    somewhere()
    one.sent()
    assert here(evening) == ["Ketua PWI", "Sari Wulandari"]


def test_door_name_of_a_delegate_that_others_marked_or_named_meanwhile_is_not_lost(
    phone, evening, cast: Any
) -> None:
    """Red before: a mark from elsewhere, or another name, swallowed what was typed."""
    seats = list(Participant.objects.filter(organization__isnull=False))
    seat = {"region_id": "64.07.07", "unit": cast.unit("polres-kubar")}
    amsi = Organization.objects.create(name="AMSI Kaltim", kind="association", **seat)
    seats.append(
        Participant.objects.create(
            event=evening, kind=ParticipantKind.DELEGATE, organization=amsi, institution=amsi.name, **seat
        )
    )
    kubar = phone()
    kubar.open()
    page = kubar.page

    kubar.row("PWI Kutai Barat").click()
    attendance.record(event=evening, participant=seats[0], by=cast.bidhumas)
    with page.expect_response(lambda answer: "/state" in answer.url):
        page.evaluate("dispatchEvent(new Event('online'))")
    kubar.strip(waiting=0, present=1)
    page.locator("#name").fill("Rudi Hartono")
    page.locator("form.door-form [type=submit]").click()
    expect(page.locator("#answer")).to_have_class("door-answer is-amber")
    kubar.next()

    kubar.offline()
    kubar.row("AMSI Kaltim").click()
    page.locator("#name").fill("Tuti Alawiyah")
    page.locator("form.door-form [type=submit]").click()
    kubar.next()
    delegations.name(participant=seats[1], name="Budi Waluyo", by=cast.bidhumas)
    kubar.sent()

    assert here(evening) == ["Budi Waluyo", "Rudi Hartono"]
    page.locator(".door-strip .is-rejected").wait_for()
    expect(kubar.row("Budi Waluyo")).to_have_count(1)
    page.locator(".door-strip").click()
    expect(page.locator(".queue-row b")).to_have_text("Tuti Alawiyah")
    for _press in range(2):
        page.locator(".queue-acts button").nth(1).click()
    expect(page.locator(".queue-row")).to_have_count(0)
    assert [fact.get("name") for fact in kubar.facts("sent")] == [None, None]


# The page asks its worker for a file that is no longer kept, and the line does not answer.
BUSY = """async (address) => {
  for (const name of await caches.keys()) await (await caches.open(name)).delete(new URL(address).pathname);
  window.asked = fetch(address);
}"""
NEW = ".door-note .btn"
# Gone when the page is opened anew.
MARKED = "document.documentElement.classList.add('is-marked')"


def test_door_new_version_comes_when_asked_and_under_nobodys_hands(phone, evening, monkeypatch) -> None:
    """Red before: while the old worker waits for an answer, the browser lets it, and the officer's tap did nothing for
    minutes; what took over in the end did so in the middle of a name; another window said nothing of it."""
    one = phone()
    page, context = one.page, one.window.context
    held: list[Any] = []

    def come(version: str) -> None:
        monkeypatch.setattr(door_files, "_version", lambda language: version * 16)
        page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
        page.locator(NEW).wait_for()
        file = page.evaluate("document.querySelector('link[href*=parts]').href")
        context.route(file, lambda route: held.append(route))
        page.evaluate(BUSY, file)
        while not held:
            page.wait_for_timeout(50)

    def let() -> None:
        context.unroute_all()
        with contextlib.suppress(PlaywrightError):  # nobody waits for it any more
            held.pop().continue_()

    page.reload()  # from the worker
    page.locator(".door-ready.is-whole").wait_for()
    other = context.new_page()
    other.goto(f"{one.window.home}/door/")
    other.locator(".door-ready.is-whole").wait_for()

    come("a")
    page.evaluate(MARKED)
    page.locator(NEW).click()
    expect(page.locator("html.is-marked")).to_have_count(0)
    let()
    expect(page.locator(NEW)).to_have_count(0)
    page.locator(".door-ready.is-whole").wait_for()
    other.evaluate(MARKED)
    other.locator(NEW).click()
    expect(other.locator("html.is-marked")).to_have_count(0)
    expect(other.locator(NEW)).to_have_count(0)
    other.close()

    come("b")
    page.evaluate(MARKED)
    page.locator(NEW).click()
    one.open()
    page.locator("a[href$='/tamu']").first.click()
    page.locator("#name").fill("Setengah Jadi")
    page.evaluate(
        "navigator.serviceWorker.oncontrollerchange = () => document.documentElement.classList.add('is-taken')"
    )
    let()
    page.locator("html.is-taken").wait_for()
    page.wait_for_timeout(500)
    expect(page.locator("#name")).to_have_value("Setengah Jadi")
    page.evaluate("location.hash = '#/'")
    expect(page.locator("html.is-marked")).to_have_count(1)
    page.locator(NEW).click()
    expect(page.locator("html.is-marked")).to_have_count(0)
    expect(page.locator(NEW)).to_have_count(0)
    assert page.evaluate("caches.keys()") == [f"door-{'b' * 16}"]

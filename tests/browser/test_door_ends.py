"""How a phone's time at the door ends, and what it says of figures that may still change."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from events.choices import EventState
from events.models import Device, Event, Scan
from events.operations import devices, states
from events.queries.door import moment
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_door import FACTS, Phone, evening, here, phone, unbroken

__all__ = ["evening", "phone"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The phones that the disk knows, each changed by what is given; read beside the page.
DEVICES = """(fields) => new Promise((done) => {
  const request = indexedDB.open("rembuk-door");
  request.onsuccess = () => {
    const transaction = request.result.transaction("devices", "readwrite"), store = transaction.objectStore("devices");
    let rows = [];
    store.getAll().onsuccess = ({ target }) => {
      rows = target.result.map((row) => ({ ...row, ...fields }));
      rows.forEach((row) => store.put(row));
    };
    transaction.oncomplete = () => { request.result.close(); done(rows); };
  };
})"""
NO_LIST = """() => new Promise((done) => {
  const request = indexedDB.open("rembuk-door");
  request.onsuccess = () => {
    request.result.transaction("packs").objectStore("packs").count().onsuccess = ({ target }) => {
      request.result.close();
      done(target.result === 0);
    };
  };
})"""
# A window of its own: it hears nothing of what the others write.
DEAF = "window.BroadcastChannel = class { postMessage() {} addEventListener() {} };"


# The next phone was there before the server said that it does not know this one: whose numbers the facts have then, and
# which of them are younger than what they number.
HEIR = """async () => {
  const { open } = await import("/static/door/store.js");
  const store = await open();
  const pack = { event: { id: "e" }, device: { last_sequence: 0 }, guests: [] };
  const [first, next] = [await store.addDevice("a"), await store.addDevice("b")];
  await store.savePack(first.key, pack, {});
  for (const shown of ["1", "2", "3"]) await store.addFact({ kind: "present", shown }, first);
  await store.savePack(next.key, pack, {});
  await store.addFact({ kind: "present", shown: "4" }, next);
  await store.disown(first.key);
  await store.addFact({ kind: "present", shown: "5" }, next);
  const note = await store.addFact({ kind: "walk_in", shown: "6" });
  await store.adoptNotes([{ uuid: note.uuid }], next);
  const told = store.waiting(next.key).map((fact) => [fact.shown, fact.seq, Boolean(fact.moved)]);
  return [told, store.waiting(first.key).length];
}"""


def round_of(page: Page) -> None:
    """The phone asks the server, and has written what it said."""
    synced = lambda: page.evaluate(FACTS.replace('"facts"', '"events"'))[0]["synced"]  # noqa: E731
    before = synced()
    with page.expect_response(lambda answer: "/state" in answer.url):
        page.evaluate("dispatchEvent(new Event('online'))")
    for _turn in range(300):
        if synced() != before:
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(100)


def report_of(one: Phone) -> str:
    one.page.goto(f"{one.window.home}/door/#/e/{one.event.public_id}/laporan")
    return one.page.locator("#report-text").input_value().splitlines()[-1]


def test_door_report_waits_for_a_phone_that_was_not_heard_of(phone, evening, cast: Any) -> None:
    """Red before: the phone at home said that all had reported, while another noted guests out of reach. On a closed
    list it said so of facts that waited in its own hand."""
    Event.objects.filter(pk=evening.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    cafe, home = phone(), phone("Kubar-2")
    for one in (cafe, home):
        one.open()
    round_of(home.page)
    assert "sementara" not in report_of(home)
    cafe.offline()
    cafe.admit("Sari Wulandari")
    Device.objects.filter(pk=cafe.device.pk).update(last_seen_at=timezone.now() - timedelta(minutes=11))
    round_of(home.page)
    unsent = "_Angka sementara, 1 HP belum terkirim._"
    assert (report_of(home), report_of(cafe)) == (unsent, unsent)
    expect(home.page.locator(".report-note")).to_have_class(re.compile("alert-warning"))
    cafe.sent()
    round_of(home.page)
    assert "sementara" not in report_of(home)

    # Names noted without a list, which belong to this evening: it is the only one that this phone knows.
    def noted(*names: str) -> list[Any]:
        cafe.page.goto(f"{cafe.window.home}/door/#/catat")
        for name in names:
            cafe.page.locator("#name").fill(name)
            cafe.page.locator("#consent-tonight").check()
            cafe.page.locator("#walk-in button[type=submit]").click()
            cafe.page.locator(".queue-row", has_text=name).wait_for()
        for one in (cafe, home):
            round_of(one.page)
        return [Device.objects.get(pk=cafe.device.pk).waiting, report_of(cafe), report_of(home)]

    assert noted("Rina", "Tono") == [2, unsent, unsent]
    cafe.page.reload()
    assert noted("Wati") == [3, unsent, unsent]
    cafe.page.goto(f"{cafe.window.home}/door/#/catat")
    for left in (2, 1, 0):
        cafe.page.locator("[data-note] button").first.click()
        cafe.page.locator("[data-note] .btn-danger").click()
        expect(cafe.page.locator("[data-note]")).to_have_count(left)
    assert noted()[0] == 0
    assert "sementara" not in report_of(cafe) + report_of(home)

    Event.objects.filter(pk=evening.pk).update(state=EventState.REPORTED)
    round_of(cafe.page)
    cafe.page.goto(f"{cafe.window.home}/door/#/e/{evening.public_id}")
    cafe.offline()
    cafe.tap("Budi Santoso", "amber")
    late = "_1 catatan di HP ini belum terkirim; daftar sudah ditutup, petugas akan memeriksanya._"
    assert report_of(cafe) == late
    expect(cafe.page.locator(".report-note")).to_have_class(re.compile("alert-warning"))


def test_door_facts_of_a_phone_that_the_server_does_not_know_are_sent_by_the_next(
    phone, evening, cast: Any
) -> None:
    """A database that was brought back from last night (red before: they waited for ever, and what had been sent since
    was lost). The name of a guest who was not asked has left the phone once it was sent."""
    one = phone()
    one.open()
    one.admit("Yohanes Lejau", "Nur'aini")
    one.tap("Nur'aini", "amber")
    one.page.locator(".answer-undo").click()
    one.next()
    one.walk_in("Tamu Sore")
    one.next()
    one.sent()
    assert here(evening) == ["Tamu Sore", "Yohanes Lejau"]
    one.offline()
    one.admit("Sari Wulandari", "Budi Santoso")
    one.walk_in("Tamu Malam")
    one.next()
    Device.objects.filter(pk=one.device.pk).delete()
    connection.ops.execute_sql_flush(
        connection.ops.sql_flush(no_style(), ["events_scan"], allow_cascade=True)
    )
    evening.participants.filter(display_name="Tamu Sore").delete()
    one.online()
    one.page.locator("#notices .alert-danger").wait_for()
    assert len(one.facts("waiting")) == 3
    names = {fact["uuid"] for fact in one.facts() if fact["seq"] != 4}

    one.device, token = devices.register(event=evening, by=cast.kubar, kind="officer", label="Kubar-2")
    one.page.goto(f"{one.window.home}/door/#t={token}")
    one.sent()

    assert unbroken(one) == [1, 2, 3, 4, 5, 6]
    rows = Scan.objects.filter(device_id=one.device.public_id)
    assert {str(name) for name in rows.values_list("client_uuid", flat=True)} == names
    assert here(evening) == ["Budi Santoso", "Sari Wulandari", "Tamu Malam", "Yohanes Lejau"]
    # What comes after goes on counting; the row of the phone that is not known any more leaves.
    one.page.goto(f"{one.window.home}/door/#/e/{evening.public_id}")
    one.admit("I Made Suardana")
    one.sent()
    round_of(one.page)
    assert unbroken(one) == [1, 2, 3, 4, 5, 6, 7]
    assert [row["label"] for row in one.page.evaluate(DEVICES, {})] == ["Kubar-2"]
    moved = [["1", 2, True], ["2", 3, True], ["3", 4, True]]
    numbers = [["4", 1, False], *moved, ["5", 5, False], ["6", 6, True]]
    assert one.page.evaluate(HEIR) == [numbers, 0]


def test_door_time_of_a_phone_follows_the_event_and_ends_by_what_the_disk_says(
    phone, evening, cast: Any
) -> None:
    """Red before, all of it: the phone ended a day after the old date; a window that had slept took the token from
    facts that another one had written; a list that could not be kept left a grey button."""
    one = phone()
    page = one.page
    states.postpone(event=evening, by=cast.bidhumas, starts_at=timezone.now() + timedelta(days=9))
    round_of(page)
    ends = Device.objects.get(pk=one.device.pk).expires_at
    assert [row["expires_at"] for row in page.evaluate(DEVICES, {})] == [moment(ends)]

    sleeper = one.window.context.new_page()
    sleeper.add_init_script(DEAF)
    sleeper.goto(f"{one.window.home}/door/")
    sleeper.locator(".door-ready.is-whole").wait_for()
    one.open()
    one.offline()
    one.admit("Sari Wulandari")
    later = (ends - timezone.now() + timedelta(hours=1)) // timedelta(milliseconds=1)
    sleeper.evaluate(
        "later => { const now = Date.now; Date.now = () => now() + later; dispatchEvent(new Event('online')); }",
        later,
    )
    # The list has left the phone, the token not.
    sleeper.wait_for_function(NO_LIST)
    assert len(page.evaluate(DEVICES, {})) == 1
    sleeper.close()
    one.sent()
    assert here(evening) == ["Sari Wulandari"]

    # The list that comes cannot be kept: all of the screen says so.
    page.evaluate(
        """() => {
          const put = IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = function (...row) {
            if (this.name === "packs") throw new DOMException("full", "QuotaExceededError");
            return put.apply(this, row);
          };
        }"""
    )
    page.goto(f"{one.window.home}/door/#/")
    page.locator(".door-acts button").first.click()
    page.locator(".door-answer.is-red[role=alert]").wait_for()


def test_door_phone_that_was_refused_before_it_had_a_list_leaves_after_a_day(
    visit: Callable[..., Visit], evening, cast: Any
) -> None:
    """Red before: its token and the red card stayed for good."""
    device, token = devices.register(event=evening, by=cast.kubar, kind="officer", label="Kubar-1")
    devices.revoke(device=device, by=cast.kubar)
    window = visit(width=PHONE)
    page = window.page
    page.goto(f"{window.home}/door/#t={token}")
    expect(page.locator(".door-event")).to_have_count(2)
    for hours, cards in ((23, 2), (25, 1)):
        # No "try again": it was refused.
        expect(page.locator(".door-card button")).to_have_count(0)
        page.evaluate(DEVICES, {"added": (timezone.now() - timedelta(hours=hours)).timestamp() * 1000})
        page.reload()
        expect(page.locator(".door-event")).to_have_count(cards)
    assert page.evaluate(DEVICES, {}) == []

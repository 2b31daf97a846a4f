"""Forty signatures and three walk-ins typed in from paper, without a mouse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Attendance, Pledge
from events.operations import sheets
from tests.browser.conftest import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_key_in_forty_rows_by_keyboard_alone(cast, visit):
    event = cast.event(starts_at=timezone.now() - timedelta(hours=3), pledge_text=cast.pledge_text())
    for number in range(1, 41):
        cast.guest(event, cast.partner(f"Tamu {number:02}"))
    sheet = sheets.make(event=event, by=cast.kubar, blank_rows=4)
    window = visit(cast.kubar, width=DESK)
    page, keys = window.page, window.page.keyboard
    window.go(f"/kegiatan/lembar/{sheet.public_id}/salin/")
    expect(page.locator("[name=numbers]")).to_be_focused()

    # The numbers; a slip is said at once, and mended the rows follow.
    keys.type("1-35, 77")
    expect(page.locator("[data-wrong-numbers]")).to_contain_text("77")
    for _letter in "77":
        keys.press("Backspace")
    keys.type("37")
    expect(page.locator("[data-wrong-numbers]")).to_be_hidden()
    expect(page.locator("[data-count]")).to_have_text("36")

    # Down to the rows: the first agreed on paper; the second did not come after all.
    keys.press("ArrowDown")
    keys.press("k")
    keys.press("Enter")
    keys.press("h")
    expect(page.locator("[data-count]")).to_have_text("35")
    for _row in range(36):
        keys.press("ArrowDown")
    keys.press("h")
    keys.press(" ")
    expect(page.locator("[data-count]")).to_have_text("37")

    # On past the last row to those who were not invited.
    keys.press("Enter")
    keys.type("Gita Puspita")
    keys.press("Tab")
    keys.type("0812-3456-7890")
    keys.press("Shift+Tab")
    keys.press("Enter")
    keys.type("Hana")
    keys.press("Control+Enter")

    page.locator(".key-in-row.is-in").first.wait_for()
    expect(page.locator(".key-in-row.is-in")).to_have_count(39)
    came = sorted(row.participant.display_name for row in Attendance.objects.filter(event=event))
    missing = {2, 36, 38}
    assert came == ["Gita Puspita", "Hana"] + [f"Tamu {n:02}" for n in range(1, 41) if n not in missing]
    assert [pledge.participant.display_name for pledge in Pledge.objects.all()] == ["Tamu 01"]
    window.check()

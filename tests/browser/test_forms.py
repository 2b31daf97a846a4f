"""What a real browser does with a form: Enter, and an impatient thumb."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from partners.models import Partner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill(page) -> None:
    """All that a partner needs; the lists of regions are swapped in on the way."""
    page.fill("[name=full_name]", "Sari Wulandari")
    page.select_option("[name=kind]", "activist")
    page.select_option("[name=source]", "in_person")
    for level, code in (("regency", "64.07"), ("district", "64.07.07")):
        box = page.locator(f"[name=region_{level}]")
        if box.input_value() != code:
            expect(box.locator(f"option[value='{code}']")).to_have_count(1)
            box.select_option(code)


def test_enter_sends_the_form_after_the_regions_were_swapped(cast, visit):
    window = visit(cast.bidhumas)
    page = window.page
    window.go("/mitra/tambah/")
    with page.expect_response("**/wilayah/pilihan/**"):
        page.select_option("[name=region_regency]", "64.07")
    fill(page)

    page.press("[name=full_name]", "Enter")

    expect(page.locator("h1")).to_have_text("Sari Wulandari")
    assert Partner.objects.count() == 1


def test_two_taps_on_save_send_once(cast, visit):
    """The form of an event's cancelling and its like: sent by the browser itself."""
    window = visit(cast.kubar)
    page = window.page
    partner = cast.partner()
    window.go(f"/mitra/{partner.public_id}/arsipkan/")

    let_through = page.evaluate(
        """() => {
            const form = document.querySelector("main form");
            const tap = () => form.dispatchEvent(new SubmitEvent("submit", {bubbles: true, cancelable: true}));
            return [tap(), tap()];
        }"""
    )

    assert let_through == [True, False]

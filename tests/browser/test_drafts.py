"""A form half typed where the signal goes: kept on the phone, said to be unsent, sent once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from partners.models import Partner
from tests.browser.conftest import axe_violations, overflow
from tests.browser.test_forms import fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADD = "/mitra/tambah/"
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('draft:'))"
OLDER = """(hours) => { for (const name of Object.keys(localStorage)) {
    const draft = JSON.parse(localStorage[name]);
    draft.at -= hours * 3600000;
    localStorage[name] = JSON.stringify(draft);
} }"""
FOREIGN = """() => { for (const name of Object.keys(localStorage)) {
    localStorage[name.replace(/draft:[^:]+/, "draft:someone")] = localStorage[name];
    localStorage.removeItem(name);
} document.querySelectorAll("form[data-draft]").forEach((form) => form.remove()); }"""


def forgive_network(window) -> None:
    """The browser and htmx (looking for twins) write of a broken line to the console."""
    broken = ("net::ERR_", "htmx:")
    window.errors[:] = [error for error in window.errors if not any(word in error for word in broken)]


def kept(page) -> None:
    """Until what was typed lies on the phone."""
    for _turn in range(50):
        if page.evaluate(DRAFTS):
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing is kept")


def test_without_network_the_form_stays_and_is_sent_later_once(cast, visit):
    window = visit(cast.kubar)
    page = window.page
    window.go(ADD)
    fill(page)
    page.fill("[name=phone]", "0812-3456-7890")

    window.context.set_offline(True)
    page.locator(".action-bar [type=submit]").click()

    expect(page.locator(".draft-unsent")).to_be_visible()
    assert page.input_value("[name=full_name]") == "Sari Wulandari"
    assert page.evaluate(DRAFTS) != [] and not Partner.objects.exists()
    assert overflow(page) == "" and axe_violations(page) == []

    window.context.set_offline(False)
    page.locator(".draft-unsent .btn-primary").click()

    expect(page.locator("h1")).to_have_text("Sari Wulandari")
    assert Partner.objects.count() == 1 and page.evaluate(DRAFTS) == []
    forgive_network(window)


def test_a_photograph_is_given_its_time_and_another_one_is_another_sending(cast, visit):
    """Twenty seconds are enough for words; a photograph on a slow line would have been broken off at each try."""
    window = visit(cast.kubar)
    page = window.page
    page.add_init_script(
        "AbortSignal.timeout = (ms) => { (window.waits ??= []).push(ms); return new AbortController().signal; };"
    )
    window.go(ADD)
    fill(page)
    page.evaluate(
        """() => { const form = document.querySelector("form[data-draft]");
        const field = Object.assign(document.createElement("input"), { type: "file", name: "photo" });
        form.enctype = "multipart/form-data"; form.append(field); }"""
    )
    keys = []

    def lost(route):
        if route.request.method != "POST":
            route.continue_()
            return
        keys.append(route.request.headers["x-form-key"])
        route.abort()

    page.route(f"**{ADD}", lost)
    for size in (0, 1_600_000, None, 800_000):
        if size:
            photo = {"name": f"{size}.jpg", "mimeType": "image/jpeg", "buffer": b"0" * size}
            page.set_input_files("[name=photo]", photo)
        page.locator(".action-bar [type=submit]").click()
        expect(page.locator(".draft-unsent")).to_be_visible()

    assert page.evaluate("window.waits") == [20_000, 120_000, 120_000, 70_000]
    assert [keys.index(key) for key in keys] == [0, 1, 1, 3]
    forgive_network(window)


def test_a_phone_without_room_says_not_that_it_kept_and_sends_the_same_under_one_key(cast, visit):
    window = visit(cast.kubar)
    page = window.page
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
    )
    window.go(ADD)
    fill(page)
    keys = []

    def lost(route):
        if route.request.method != "POST":
            route.continue_()
            return
        keys.append(route.request.headers["x-form-key"])
        route.abort()

    page.route(f"**{ADD}", lost)
    page.locator(".action-bar [type=submit]").click()
    expect(page.locator(".draft-unsent")).to_be_visible()
    kept_words = page.locator("#draft-words").get_attribute("data-kept")
    assert kept_words not in page.locator(".draft-unsent").inner_text()
    with page.expect_event("requestfailed"):
        page.locator(".draft-unsent .btn-primary").click()
    expect(page.locator(".draft-unsent")).to_be_visible()

    assert len(keys) == 2 and keys[0] == keys[1]
    forgive_network(window)


def test_an_answer_that_is_lost_makes_no_second_record(cast, visit):
    window = visit(cast.kubar)
    page = window.page
    window.go(ADD)
    fill(page)
    lost = []

    def drop_answer(route):
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch(max_redirects=0).status)
        route.abort()

    page.route(f"**{ADD}", drop_answer)
    page.locator(".action-bar [type=submit]").click()
    expect(page.locator(".draft-unsent")).to_be_visible()
    assert lost == [204] and Partner.objects.count() == 1

    page.locator(".draft-unsent .btn-primary").click()

    expect(page.locator("h1")).to_have_text("Sari Wulandari")
    assert Partner.objects.count() == 1
    forgive_network(window)


def test_a_draft_is_offered_when_the_page_opens_again(cast, visit):
    window = visit(cast.kubar)
    page = window.page
    window.go(ADD)
    fill(page)
    page.check("[name=consent_given]")
    page.fill("[name=handles-0-text]", "@sari")
    kept(page)
    page.wait_for_timeout(400)

    window.go(ADD)
    assert page.input_value("[name=full_name]") == ""
    page.locator(".draft-note .btn-primary").click()

    assert page.input_value("[name=full_name]") == "Sari Wulandari"
    assert page.input_value("[name=region_district]") == "64.07.07"
    assert page.is_checked("[name=consent_given]") and page.input_value("[name=handles-0-text]") == "@sari"
    page.locator(".action-bar [type=submit]").click()
    expect(page.locator("h1")).to_have_text("Sari Wulandari")
    window.go(ADD)
    expect(page.locator(".draft-note")).to_have_count(0)


def test_a_draft_thrown_away_is_gone(cast, visit):
    window = visit(cast.kubar)
    page = window.page
    window.go(ADD)
    page.fill("[name=full_name]", "Sari")
    kept(page)

    window.go(ADD)
    page.locator(".draft-note .btn:not(.btn-primary)").click()

    expect(page.locator(".draft-note")).to_have_count(0)
    assert page.evaluate(DRAFTS) == []


def test_a_draft_leaves_the_phone_after_a_day_at_logout_and_for_another_officer(cast, visit):
    window = visit(cast.kubar)
    page = window.page

    def typed(path=ADD):
        window.go(path)
        page.fill("[name=full_name]", "Sari")
        kept(page)

    typed()
    window.go("/mitra/")
    page.evaluate(OLDER, 23)
    window.go("/mitra/")
    assert page.evaluate(DRAFTS) != []
    page.evaluate(OLDER, 2)
    window.go("/mitra/")
    assert page.evaluate(DRAFTS) == []

    typed()
    page.evaluate(FOREIGN)
    window.go("/mitra/")
    assert page.evaluate(DRAFTS) == []

    typed()
    page.locator(".account-menu summary").click()
    page.locator(".account-panel form[action*=keluar] button").click()
    page.wait_for_load_state()
    assert page.evaluate(DRAFTS) == []


def test_mistakes_and_twins_come_back_on_the_same_page(cast, visit):
    twin = cast.partner("Sari Wulandary")
    window = visit(cast.kubar)
    page = window.page
    window.go(ADD)
    page.locator(".action-bar [type=submit]").click()
    expect(page.locator("#error_1_id_full_name")).to_be_visible()

    fill(page)
    expect(page.locator("#twins a")).to_have_text("Sari Wulandary")
    page.locator(".action-bar [type=submit]").click()
    expect(page.locator("#likely-twins a")).to_have_attribute("href", f"/mitra/{twin.public_id}/")
    assert axe_violations(page) == [] and overflow(page) == ""
    page.locator(".action-bar [type=submit]").click()

    expect(page.locator("h1")).to_have_text("Sari Wulandari")
    assert Partner.objects.count() == 2

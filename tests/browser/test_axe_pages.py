"""axe and the width of a phone on every page of the access matrix, with rows in them."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db.models import Model
from playwright.sync_api import Page, expect

from accounts.choices import Role
from accounts.models import Officer
from accounts.roles import PERMISSIONS
from events.models import (
    AgendaItem,
    Commitment,
    Directive,
    Event,
    EventRole,
    Outreach,
    Participant,
    Program,
)
from partners.models import Affiliation, Organization, OutsideRequest, Partner
from tests.access_matrix import ANY, PUBLIC, ROWS, World, address
from tests.browser.conftest import AXE, DESK, HEIGHTS, PHONE, axe_violations, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Roles that between them see every page full; the first that may open it is taken.
READERS = [
    (Role.ORGANIZER, "polda-kaltim"),
    (Role.PRIVACY_OFFICER, "polda-kaltim"),
    (Role.ADMINISTRATOR, "mabes"),
    (Role.LOCAL_OFFICER, "polres-kubar"),
    (Role.VIEWER, "polda-kaltim"),
]
# No page of their own: a redirect, JSON, a download, a post, or a piece that another page shows.
NOT_PAGES = {
    *("healthz", "set_language", "files:file-download", "regions:region-options", "events:roll-counts"),
    "mfa_download_recovery_codes",
    *("api:device", "api:pack", "api:state", "api:openapi-json", "api:api-root", "api:unknown"),
    *("door:worker", "door:manifest"),
}
# Of an officer who has an app for codes.
WITH_AN_APP = {"mfa_deactivate_totp", "mfa_view_recovery_codes"}
PIECES = {"events:partner-events"}
LONG, SHORT = "Wiranatakusumahadiningratkertanegarasuryadilagamangkunegaran", "Suparno"


def pages() -> list[str]:
    return [name for name, row in ROWS.items() if "GET" in row.methods and name not in NOT_PAGES | PIECES]


@pytest.fixture
def world(transactional_db) -> World:
    return World()


def with_an_app(world: World) -> Officer:
    officer = world.officers[(Role.LOCAL_OFFICER, "polres-berau")]
    if not officer.authenticator_set.exists():
        TOTP.activate(officer, generate_totp_secret())
        RecoveryCodes.activate(officer)
    return officer


def reader_of(world: World, name: str):
    """Who opens the page, and on which row."""
    if name in WITH_AN_APP:
        return with_an_app(world), None
    row = ROWS[name]
    things = world.things[row.scope] if row.scope else [None]
    for who in [(None, ""), *READERS] if row.permission == PUBLIC else READERS:
        if who[0] and row.permission not in {PUBLIC, ANY} and row.permission not in PERMISSIONS[who[0]]:
            continue
        for thing in things:
            if thing is None or (thing.seen_by(who) and thing.may_act(who, row.rule)):
                return world.officers.get(who), thing
    raise AssertionError(f"nobody opens {name}")


def rename(name: str) -> None:
    """Everybody and everything gets this name, as far as the column and the constraints let it."""
    names: dict[type[Model], list[str]] = {
        Partner: ["full_name", "stage_name"],
        Officer: ["full_name", "position"],
        Organization: ["name"],
        Affiliation: ["position"],
        OutsideRequest: ["asker"],
        Program: ["name"],
        Event: ["title", "venue", "contact_name"],
        EventRole: ["full_name", "position", "institution"],
        Participant: ["display_name", "institution", "position"],
        AgendaItem: ["title"],
        Commitment: ["text"],
        Directive: ["text"],
        Outreach: ["title", "issuer_name", "issuer_position", "audience", "message"],
    }
    for model, columns in names.items():
        for column in columns:
            model.objects.exclude(**{column: ""}).update(**{column: name})


def to_a_desk(page: Page) -> None:
    """The same page in a wide window, where every long name is now a short one."""
    page.evaluate(
        """([long, short]) => {
            const all = document.createTreeWalker(document, NodeFilter.SHOW_TEXT)
            for (let text = all.nextNode(); text; text = all.nextNode()) {
                if (text.data.includes(long)) text.data = text.data.replaceAll(long, short)
            }
            for (const field of document.querySelectorAll("input, textarea")) {
                if (field.value.includes(long)) field.value = field.value.replaceAll(long, short)
            }
        }""",
        [LONG, SHORT],
    )
    page.set_viewport_size({"width": DESK, "height": HEIGHTS[DESK]})
    assert page.evaluate("innerWidth") == DESK
    assert LONG not in page.inner_text("body")


def wrong_with(page: Page, width: int) -> list[str]:
    wrong = [*axe_violations(page)]
    if sticking_out := overflow(page):
        wrong.append(f"wider than {width} px: {sticking_out}")
    return [f"at {width} px: {one}" for one in wrong]


def test_axe_finds_nothing_serious_on_any_page(world, visit):
    """On a phone every name is a word of 60 characters; on a desk, to which the open page is brought, a short word."""
    rename(LONG)
    wrong, windows, opened, met = [], {}, 0, 0
    for name in pages():
        officer, thing = reader_of(world, name)
        if name == "account_logout":
            officer = world.officers[READERS[0]]
        key = officer.pk if officer else None
        if key not in windows:
            windows[key] = visit(officer, width=PHONE)
            windows[key].page.add_init_script(AXE)
        window = windows[key]
        window.page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
        response = window.go(address(name, thing))
        opened += response.status == 200
        if response.status >= 400 or "text/html" not in response.headers.get("content-type", ""):
            wrong.append(f"{name}: {response.status} {response.headers.get('content-type')}")
            continue
        met += LONG in window.page.inner_text("body")
        wrong += [f"{name} {finding}" for finding in wrong_with(window.page, PHONE)]
        to_a_desk(window.page)
        wrong += [f"{name} {finding}" for finding in wrong_with(window.page, DESK)]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
    assert opened == len(pages())
    assert met > opened / 2


@pytest.mark.parametrize("path", ["/tidak-ada/", "/kantor/audit/", "/s/tidak-ada/"])
def test_axe_finds_nothing_serious_on_pages_that_refuse(cast, visit, path):
    window = visit(cast.kubar)
    response = window.go(path)

    assert response.status in {403, 404}
    assert axe_violations(window.page) == []
    assert overflow(window.page) == ""


@pytest.mark.parametrize("path", ["/mitra/tambah/", "/kegiatan/baru/"])
def test_axe_finds_nothing_serious_on_a_form_with_errors(cast, visit, path):
    window = visit(cast.kubar)
    window.go(path)
    window.page.evaluate("document.querySelector('main form').noValidate = true")
    window.page.locator("main form button[type=submit]").first.click()

    expect(window.page.locator(".invalid-feedback, .alert-danger")).not_to_have_count(0)
    assert axe_violations(window.page) == []
    assert overflow(window.page) == ""


def test_axe_itself_is_awake(cast, visit):
    """A helper that finds nothing on a page with known faults would make every other test here green."""
    window = visit(cast.kubar)
    window.go("/")
    window.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<input><div><a href=\"#\"></a></div>')"
    )
    window.page.evaluate("document.querySelector('main').style.minWidth = '900px'")

    found = axe_violations(window.page)
    assert [
        finding.split(" ")[0] for finding in found if finding.startswith(("label", "link-name", "image-alt"))
    ] != []
    assert overflow(window.page) != ""

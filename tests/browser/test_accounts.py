"""A new officer in a real browser: the link, a password, a second step, a passkey; and the pages on a phone."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from accounts.models import Officer
from tests.browser.conftest import DESK, PHONE, axe_violations, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "sandi-pilihan-sendiri-2026"
LONG = "Abcdefghijklmnopqrstuvwxyz" * 2 + "Abcdefgh"


def code_of(secret: str, steps: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))


def fine(page: Page) -> None:
    assert overflow(page) == ""
    assert axe_violations(page) == []


def log_in(page: Page, home: str, username: str) -> None:
    page.goto(f"{home}/akun/masuk/")
    page.fill("#id_login", username)
    page.fill("#id_password", NEW)
    with page.expect_navigation():
        page.locator("main form.card button[type=submit]").click()


def test_invited_officer_sets_password_and_app_and_logs_in_with_a_code(cast, visit, settings, live_server):
    settings.SITE_URL = live_server.url
    settings.SECOND_FACTOR_ROLES = frozenset({"local_officer"})
    admin = visit(cast.admin, width=DESK)
    admin.go("/kantor/petugas/baru/")
    page = admin.page
    page.fill("#id_username", "baru.kubar")
    page.fill("#id_full_name", LONG)
    page.select_option("#id_unit", label="Polres Kubar")
    page.select_option("#id_role", "local_officer")
    page.locator("main form.card button[type=submit]").click()
    link = page.locator("#link-address").input_value()
    fine(page)

    officer = visit(width=PHONE)
    page = officer.page
    page.goto(link)
    fine(page)
    page.fill("#id_password1", NEW)
    page.fill("#id_password2", NEW)
    page.locator("main form.card button[type=submit]").click()
    expect(page.locator("#security-factors")).to_be_visible()
    expect(page.locator(".alert-warning")).to_be_visible()
    fine(page)
    page.locator("a[href='/akun/keamanan/aplikasi/']").click()
    secret = page.locator("#factor-secret").input_value()
    expect(page.locator(".factor-qr")).to_be_visible()
    assert page.locator(".factor-qr").evaluate("image => image.naturalWidth") > 0
    fine(page)
    page.fill("#id_code", code_of(secret))
    page.locator("main form.card button[type=submit]").click()
    expect(page.locator("#recovery-codes")).to_be_visible()
    fine(page)
    page.locator("main a.btn-primary").click()
    expect(page).to_have_url(f"{live_server.url}/")

    again = visit(width=PHONE).page
    log_in(again, live_server.url, "baru.kubar")
    fine(again)
    again.fill("#id_code", code_of(secret, 1))
    again.locator("main form.card button[type=submit]").click()
    expect(again).to_have_url(f"{live_server.url}/")

    again.goto(f"{live_server.url}/akun/keamanan/")
    expect(again.locator("form[action*='/sesi/'] button")).to_have_count(2)
    again.locator("form[action*='/sesi/']").first.locator("button").click()
    expect(again.locator("form[action*='/sesi/'] button")).to_have_count(1)
    page.reload()
    assert "/akun/masuk/" in page.url


@pytest.fixture
def device():
    """A virtual authenticator: the fingerprint reader of a window."""

    def added(page: Page) -> None:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    return added


def test_passkey_is_added_and_used_at_login(cast, visit, live_server, device):
    cast.kubar.set_password(NEW)
    cast.kubar.save(update_fields=["password"])
    home = live_server.url
    page = visit(width=PHONE).page
    device(page)
    log_in(page, home, "kubar")
    page.goto(f"{home}/akun/keamanan/kunci/baru/")
    fine(page)
    page.fill("#id_name", LONG)
    page.locator("#passkey-add").click()
    expect(page.locator("#recovery-codes")).to_be_visible()
    assert Authenticator.objects.get(type="webauthn").wrap().name == LONG
    page.goto(f"{home}/akun/keamanan/")
    fine(page)
    page.locator("details.account-menu summary").click()
    page.locator("form[action='/akun/keluar/'] button").click()

    log_in(page, home, "kubar")
    expect(page.locator("#id_code")).to_be_visible()
    page.locator("#passkey-use").click()
    expect(page).to_have_url(f"{home}/")


def test_passkey_refused_by_the_device_is_said_on_the_page(cast, visit, live_server):
    """Somebody closes the question: a sentence, and no error in the console."""
    cast.kubar.set_password(NEW)
    cast.kubar.save(update_fields=["password"])
    page = visit(width=PHONE).page
    log_in(page, live_server.url, "kubar")
    page.goto(f"{live_server.url}/akun/keamanan/kunci/baru/")
    page.evaluate(
        "() => { navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )

    page.locator("#passkey-add").click()

    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    assert Authenticator.objects.count() == 0


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_of_the_administrator(cast, visit, width):
    cast.event("Dialog di Barong Tongkok", contact_officer=cast.kubar, host="polres-kubar", co_hosts=[])
    Officer.objects.filter(pk=cast.kubar.pk).update(full_name=LONG)
    window = visit(cast.admin, width=width)
    for part in ("", "tautan/", "langkah-kedua/setel-ulang/", "serah-terima/"):
        window.go(f"/kantor/petugas/{cast.kubar.public_id}/{part}")
        expect(window.page.locator("h1")).to_be_visible()
        fine(window.page)

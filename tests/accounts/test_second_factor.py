"""A second step at login: set up, asked for, compulsory for some roles, and reset when it is lost."""

from __future__ import annotations

import re
import time
from unittest import mock
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.urls import reverse

from accounts.links import token_of
from accounts.models import Officer
from accounts.operations import links, second_factor, sessions
from audit.models import Entry
from config import env
from tests.accounts.passkeys import passkey
from tests.cast import PASSWORD

APP, SECURITY, LOGIN, CODE = (
    "/akun/keamanan/aplikasi/",
    "/akun/keamanan/",
    "/akun/masuk/",
    "/akun/masuk/kode/",
)
HOME = "/wilayah/sumber-data/"


@pytest.fixture
def kubar(cast):
    """An officer who can really log in."""
    cast.kubar.set_password(PASSWORD)
    cast.kubar.save(update_fields=["password"])
    return cast.kubar


def log_in(client, username: str = "kubar"):
    return client.post(LOGIN, {"login": username, "password": PASSWORD})


def code_of(secret: str, steps: int = 0) -> str:
    counter = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.fixture(autouse=True)
def lines_are_written(monkeypatch):
    """The library tells what it did once it is committed, which in a test never happens."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda tell, **_options: tell())


def set_up(client) -> str:
    """Scan the picture, type the code. Returns the secret that the app holds now."""
    page = client.get(APP).content.decode()
    secret = re.search(r'id="factor-secret" value="([A-Z2-7]+)"', page)[1]
    response = client.post(APP, {"code": code_of(secret)})
    assert (response.status_code, response["Location"]) == (302, "/akun/keamanan/kode-cadangan/")
    return secret


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_app_is_set_up_and_asked_for_at_the_next_login(client, kubar):
    log_in(client)
    secret = set_up(client)
    other = type(client)()

    first = log_in(other)
    before = other.get(HOME)
    response = other.post(CODE, {"code": code_of(secret, 1)})

    assert (first.status_code, first["Location"]) == (302, CODE)
    assert (before.status_code, "_auth_user_id" in before.wsgi_request.session) == (302, False)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert other.get(HOME).status_code == 200
    assert verbs() == [
        "officer.logged_in",
        "officer.factor_added",
        "officer.factor_added",
        "officer.logged_in",
    ]
    assert [line.fields for line in Entry.objects.filter(verb="officer.factor_added").order_by("pk")] == [
        ["totp"],
        ["recovery_codes"],
    ]


def test_app_secret_is_not_stored_in_the_clear(client, kubar, settings):
    log_in(client)
    secret = set_up(client)
    stored = Authenticator.objects.get(type="totp")

    assert secret not in str(stored.data)
    assert stored.wrap().validate_code(code_of(secret))
    settings.TOKEN_KEY = "kunci lain " * 6
    assert not Authenticator.objects.get(type="totp").wrap().validate_code(code_of(secret))


def test_app_page_draws_its_code_without_asking_anybody(client, kubar):
    log_in(client)

    html = client.get(APP).content.decode()

    assert html.count('src="data:image/svg+xml;base64,') == 1
    assert 'href="otpauth://totp/kubar?secret=' in html
    assert "issuer=Rembuk" in html


def test_code_that_is_wrong_lets_nobody_in_and_is_noted(client, kubar):
    log_in(client)
    secret = set_up(client)
    other = type(client)()
    log_in(other)

    response = other.post(CODE, {"code": "000000" if code_of(secret) != "000000" else "111111"})

    assert response.status_code == 200
    assert response.content.decode().count("is-invalid") == 1
    assert other.get(HOME).status_code == 302
    line = Entry.objects.order_by("pk").last()
    assert (line.verb, line.actor_id, line.object_public_id) == (
        "officer.factor_failed",
        None,
        kubar.public_id,
    )


def test_code_counts_once(client, kubar):
    log_in(client)
    secret = set_up(client)
    code = code_of(secret, 1)
    first, second = type(client)(), type(client)()

    answers = []
    for one in (first, second):
        log_in(one)
        answers.append(one.post(CODE, {"code": code}).status_code)

    assert answers == [302, 200]


def test_code_is_throttled(client, kubar):
    log_in(client)
    secret = set_up(client)
    other = type(client)()
    log_in(other)
    for number in range(6):
        other.post(CODE, {"code": f"00000{number}"})

    assert other.post(CODE, {"code": code_of(secret, 1)}).status_code == 200
    assert other.get(HOME).status_code == 302


def test_recovery_code_replaces_the_app_once(client, kubar):
    log_in(client)
    set_up(client)
    codes = re.search(
        r'id="recovery-codes">(.*?)</pre>',
        client.get(f"{SECURITY}kode-cadangan/").content.decode(),
        re.DOTALL,
    )
    code = codes[1].split()[0]
    first, second = type(client)(), type(client)()

    log_in(first)
    used = first.post(CODE, {"code": code})
    log_in(second)
    again = second.post(CODE, {"code": code})

    assert len(codes[1].split()) == 10
    assert (used.status_code, again.status_code) == (302, 200)
    saved = client.get(f"{SECURITY}kode-cadangan/unduh/").content.decode()
    assert code not in saved
    assert len(re.findall(r"^\d{8}$", saved, re.MULTILINE)) == 9


def test_recovery_codes_made_anew_take_the_place_of_the_old(client, kubar):
    log_in(client)
    set_up(client)
    old = client.get(f"{SECURITY}kode-cadangan/unduh/").content

    response = client.post(f"{SECURITY}kode-cadangan/baru/")

    assert response["Location"] == f"{SECURITY}kode-cadangan/"
    assert client.get(f"{SECURITY}kode-cadangan/unduh/").content != old
    assert verbs()[-1] == "officer.factor_renewed"


def test_app_is_removed_with_its_codes(client, kubar):
    log_in(client)
    set_up(client)

    response = client.post(f"{APP}lepas/")

    assert response["Location"] == SECURITY
    assert Authenticator.objects.count() == 0
    assert verbs()[-2:] == ["officer.factor_removed", "officer.factor_removed"]
    assert log_in(type(client)())["Location"] == "/"


def test_pages_ask_who_it_is_when_the_login_was_long_ago(client, kubar):
    with mock.patch("time.time", return_value=time.time() - 3600):
        log_in(client)

    for address in (APP, f"{SECURITY}kunci/baru/"):
        assert client.get(address)["Location"].startswith("/akun/konfirmasi/?")


def test_security_page_shows_what_there_is(client, kubar, django_assert_num_queries):
    log_in(client)
    bare = client.get(SECURITY).content.decode()
    set_up(client)
    passkey(kubar, "HP dinas")
    full = client.get(SECURITY).content.decode()

    assert f'href="{APP}"' in bare and "kode-cadangan" not in bare
    assert f'href="{APP}lepas/"' in full and f"{SECURITY}kode-cadangan/" in full
    assert full.count("HP dinas") == 3  # its name, and the names of its two buttons
    # session, officer, factors, recovery codes, sessions
    with django_assert_num_queries(5):
        client.get(SECURITY)
    for number in range(2):
        passkey(kubar, f"HP {number}")
    with django_assert_num_queries(5):
        client.get(SECURITY)


def test_passkey_is_renamed_and_removed_by_its_owner_alone(client, kubar, cast, sign_in):
    log_in(client)
    mine = passkey(kubar)
    other = passkey(cast.berau)

    client.post(f"{SECURITY}kunci/{mine.pk}/nama/", {"name": "HP baru"})
    mine.refresh_from_db()
    assert mine.wrap().name == "HP baru"
    for page in ("nama", "lepas"):
        assert client.get(f"{SECURITY}kunci/{other.pk}/{page}/").status_code == 404
    client.post(f"{SECURITY}kunci/{mine.pk}/lepas/")
    assert list(Authenticator.objects.all()) == [other]


# ---- compulsory for some roles


@pytest.mark.parametrize(
    ("value", "roles"),
    [
        ("", set()),
        ("administrator", {"administrator"}),
        (" Administrator , viewer,", {"administrator", "viewer"}),
    ],
)
def test_required_roles_are_read_from_the_environment(tmp_path, value, roles):
    assert env.read({"DATA_DIR": str(tmp_path), "SECOND_FACTOR_ROLES": value}).second_factor_roles == roles


def test_required_role_that_does_not_exist_stops_the_start(tmp_path):
    with pytest.raises(
        ImproperlyConfigured, match="SECOND_FACTOR_ROLES names roles that do not exist: admin"
    ):
        env.read({"DATA_DIR": str(tmp_path), "SECOND_FACTOR_ROLES": "admin"})


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_ROLES = frozenset({"local_officer"})


def test_required_leads_every_page_to_the_set_up(client, kubar, required):
    log_in(client)

    for address in (HOME, "/", "/mitra/", "/kegiatan/", f"/mitra/{uuid4()}/"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, SECURITY)
    assert client.post("/mitra/tambah/", {"full_name": "x"})["Location"] == SECURITY
    fragment = client.get("/mitra/", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == SECURITY


def test_required_leaves_open_what_is_needed(client, kubar, required):
    log_in(client)

    for address in (SECURITY, APP, f"{SECURITY}kunci/baru/", "/akun/keluar/", "/healthz"):
        assert client.get(address).status_code == 200
    assert 'role="alert"' in client.get(SECURITY).content.decode()
    set_up(client)
    assert client.get(HOME).status_code == 200


def test_required_asks_nothing_of_other_roles(required, sign_in):
    assert sign_in("bidhumas").get(HOME).status_code == 200


def test_required_keeps_the_last_factor(client, kubar, required):
    log_in(client)
    set_up(client)

    page = client.get(f"{APP}lepas/")
    client.post(f"{APP}lepas/")
    assert "<form" not in page.content.decode().split('id="main"')[1]
    assert Authenticator.objects.filter(type="totp").count() == 1

    key = passkey(kubar)
    client.post(f"{APP}lepas/")
    assert Authenticator.objects.filter(type="totp").count() == 0
    response = client.post(f"{SECURITY}kunci/{key.pk}/lepas/")
    assert response["Location"] == SECURITY
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_required_leads_a_new_officer_from_the_password_to_the_set_up(client, cast, required):
    links.issue(officer=cast.kubar, by=cast.admin)
    cast.kubar.refresh_from_db()
    address = reverse("account_invitation", args=[cast.kubar.public_id, token_of(cast.kubar)])

    response = client.post(address, {"password1": PASSWORD, "password2": PASSWORD}, follow=True)

    assert response.redirect_chain[-1][0] == SECURITY
    set_up(client)
    assert client.get(HOME).status_code == 200


def test_link_for_a_password_does_not_go_round_the_second_step(client, cast):
    passkey(cast.kubar)
    links.issue(officer=cast.kubar, by=cast.admin)
    cast.kubar.refresh_from_db()
    address = reverse("account_invitation", args=[cast.kubar.public_id, token_of(cast.kubar)])

    response = client.post(address, {"password1": PASSWORD, "password2": PASSWORD})

    assert response["Location"] == CODE
    assert client.get(HOME).status_code == 302


# ---- lost


def reset_url(officer: Officer) -> str:
    return reverse("accounts:officer-factor-reset", args=[officer.public_id])


def test_reset_takes_the_factor_away_and_ends_sessions(client, kubar, cast, sign_in):
    log_in(client)
    set_up(client)
    passkey(cast.berau)
    admin = sign_in("admin")

    asked = admin.get(reset_url(kubar))
    assert (asked.status_code, Authenticator.objects.filter(user=kubar).count()) == (200, 2)
    response = admin.post(reset_url(kubar))

    assert response["Location"] == f"/kantor/petugas/{kubar.public_id}/"
    assert [one.user for one in Authenticator.objects.all()] == [cast.berau]
    assert client.get(HOME).status_code == 302
    line = Entry.objects.order_by("pk").last()
    assert (line.verb, line.actor_id, line.object_public_id) == (
        "officer.factor_reset",
        cast.admin.pk,
        kubar.public_id,
    )
    assert log_in(type(client)())["Location"] == "/"


@pytest.mark.parametrize(("username", "code"), [("admin", "self"), ("kubar", "none")])
def test_reset_refused(cast, username, code):
    with pytest.raises(ValidationError) as refusal:
        second_factor.reset(officer=cast.officers[username], by=cast.admin)

    assert refusal.value.code == code
    assert Entry.objects.count() == 0


def test_reset_rolls_back_when_the_audit_fails(cast):
    passkey(cast.kubar)

    with mock.patch.object(second_factor, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        second_factor.reset(officer=cast.kubar, by=cast.admin)

    assert Authenticator.objects.count() == 1
    assert Officer.objects.get(username="kubar").session_epoch == 0


def test_password_change_does_not_end_the_second_step(client, kubar):
    passkey(kubar)

    sessions.change_password(officer=kubar, password="sandi-yang-baru-2026")

    assert Authenticator.objects.count() == 1

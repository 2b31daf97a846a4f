"""Coming in and going out: our pages, our words, throttled, and noted in the audit."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import NoReverseMatch, reverse

from accounts.models import Officer
from audit.models import Detail, Entry
from tests.cast import PASSWORD


@pytest.fixture
def kubar(cast):
    """An officer who can really log in."""
    officer = cast.kubar
    officer.set_password(PASSWORD)
    officer.email = "kubar@contoh.go.id"
    officer.save()
    return officer


@pytest.fixture(autouse=True)
def letters_stay_here(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def log_in(client, username: str = "kubar", password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": username, "password": password})


def entries() -> list[tuple[str, int | None, int | None]]:
    return list(Entry.objects.order_by("pk").values_list("verb", "actor_id", "unit_id"))


def test_login_opens_the_home_screen_and_is_noted(client, kubar):
    response = log_in(client)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert entries() == [("officer.logged_in", kubar.pk, kubar.unit_id)]


def test_login_page_says_what_rembuk_is(client, db):
    html = client.get("/akun/masuk/").content.decode()

    assert html.count("<h1>") == 1
    assert 'autocomplete="username"' in html
    assert "placeholder=" not in html
    assert "/akun/sandi/lupa/" in html


def test_login_returns_to_where_the_officer_wanted_to_go(client, kubar):
    sent = {"login": "kubar", "password": PASSWORD, "next": "/wilayah/sumber-data/"}

    assert client.post("/akun/masuk/", sent)["Location"] == "/wilayah/sumber-data/"
    client.post("/akun/keluar/")
    assert client.post("/akun/masuk/", {**sent, "next": "https://jahat.example/"})["Location"] == "/"


def test_login_failed_is_noted_without_what_was_typed(client, kubar):
    log_in(client, "kubar", "salah-sekali")
    log_in(client, "rahasia-yang-terketik", "salah-sekali")

    first, second = Entry.objects.order_by("pk")
    assert (first.verb, first.actor_id, first.unit_id) == ("officer.login_failed", None, kubar.unit_id)
    assert first.object_public_id == kubar.public_id
    assert (second.verb, second.actor_id, second.unit_id) == ("officer.login_failed", None, None)
    assert (second.object_public_id, second.fields) == (None, [])
    assert Detail.objects.count() == 0


def test_login_failed_says_the_same_for_a_known_and_an_unknown_name(client, kubar):
    def alert(username: str) -> str:
        html = log_in(client, username, "salah-sekali").content.decode()
        return re.search(r'<div class="alert.*?</div>', html, re.DOTALL)[0]

    assert alert("kubar") == alert("tidak-ada")


def test_login_ignores_the_case_of_the_user_name(client, kubar):
    assert log_in(client, "KuBar").status_code == 302


def test_login_is_throttled_after_five_failures(client, kubar):
    for _attempt in range(5):
        log_in(client, "kubar", "salah-sekali")

    response = log_in(client)

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert [verb for verb, _actor, _unit in entries()] == ["officer.login_failed"] * 5


def test_login_flood_gets_a_page_that_says_so(client, db):
    answers = [client.get("/akun/masuk/").status_code for _n in range(3)]
    flood = [client.post("/akun/masuk/", {}) for _n in range(31)]

    assert set(answers) == {200}
    assert flood[-1].status_code == 429
    assert '<p class="empty-header">429</p>' in flood[-1].content.decode()


def test_login_of_an_inactive_officer_is_refused(client, kubar):
    kubar.is_active = False
    kubar.save()

    response = log_in(client)

    assert "_auth_user_id" not in client.session
    assert (response.status_code, response["Location"]) == (302, reverse("account_inactive"))
    assert entries() == [("officer.login_failed", None, kubar.unit_id)]
    assert Entry.objects.get().object_public_id == kubar.public_id


def test_logout_is_noted(client, kubar):
    log_in(client)

    response = client.post("/akun/keluar/")

    assert response["Location"] == "/akun/masuk/"
    assert [verb for verb, _actor, _unit in entries()] == ["officer.logged_in", "officer.logged_out"]
    assert client.get("/").status_code == 302


def test_password_change_is_noted_and_ends_other_sessions(client, kubar):
    log_in(client)
    other = type(client)()
    log_in(other)
    new = "sandi-yang-baru-2026"

    response = client.post(
        "/akun/sandi/ganti/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert response.status_code == 302
    kubar.refresh_from_db()
    assert kubar.check_password(new)
    line = Entry.objects.order_by("pk").last()
    assert (line.verb, line.actor_id, line.fields) == ("officer.password_changed", kubar.pk, ["password"])
    assert client.get("/wilayah/sumber-data/").status_code == 200
    assert other.get("/wilayah/sumber-data/").status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {
            "oldpassword": "bukan-ini",
            "password1": "sandi-yang-baru-2026",
            "password2": "sandi-yang-baru-2026",
        },
        {"oldpassword": PASSWORD, "password1": "pendek", "password2": "pendek"},
        {"oldpassword": PASSWORD, "password1": "12345678901", "password2": "12345678901"},
        {"oldpassword": PASSWORD, "password1": "sandi-yang-baru-2026", "password2": "sandi-yang-lain-2026"},
    ],
)
def test_password_change_refused_changes_nothing(client, kubar, sent):
    log_in(client)

    response = client.post("/akun/sandi/ganti/", sent)

    assert response.status_code == 200
    assert response.content.decode().count("is-invalid") == 1
    kubar.refresh_from_db()
    assert kubar.check_password(PASSWORD)
    assert [verb for verb, _actor, _unit in entries()] == ["officer.logged_in"]


def test_password_reset_by_letter(client, kubar):
    response = client.post("/akun/sandi/lupa/", {"email": "kubar@contoh.go.id"})
    assert response["Location"] == "/akun/sandi/lupa/terkirim/"
    assert len(mail.outbox) == 1
    link = re.search(r"https?://\S+", mail.outbox[0].body)[0]
    page = client.get(re.sub(r"https?://[^/]+", "", link), follow=True)
    action = re.search(r'<form class="card" method="post" action="([^"]+)"', page.content.decode())[1]
    new = "sandi-yang-baru-2026"

    done = client.post(action, {"password1": new, "password2": new}, follow=True)

    assert done.redirect_chain[-1][0] == "/akun/sandi/baru/selesai/"
    kubar.refresh_from_db()
    assert kubar.check_password(new)
    assert [verb for verb, _actor, _unit in entries()] == ["officer.password_changed"]
    again = client.get(re.sub(r"https?://[^/]+", "", link), follow=True).content.decode()
    assert action not in again


def test_password_reset_tells_nobody_which_addresses_are_known(client, kubar):
    known = client.post("/akun/sandi/lupa/", {"email": "kubar@contoh.go.id"})
    unknown = client.post("/akun/sandi/lupa/", {"email": "siapa@contoh.go.id"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [letter.to for letter in mail.outbox] == [["kubar@contoh.go.id"]]


def test_signup_is_closed(client, db):
    page = client.get("/akun/daftar/")
    sent = client.post("/akun/daftar/", {"username": "baru", "password1": PASSWORD, "password2": PASSWORD})

    assert page.status_code == sent.status_code == 200
    assert "<form" not in page.content.decode().split("entrance-language")[0]
    assert "/akun/masuk/" in page.content.decode()


@pytest.mark.parametrize(
    "name", ["account_email", "account_email_verification_sent", "account_confirm_login_code"]
)
def test_pages_that_rembuk_does_not_use_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


ANONYMOUS = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
]
SIGNED_IN = ["account_logout", "account_change_password", "account_reauthenticate"]
# Words of allauth that would show that one of its own texts came through.
FOREIGN = re.compile(r"\b(Sign In|Sign Out|Sign Up|Forgot|Password Reset|Change Password|Menu:|Username)\b")


@pytest.mark.parametrize("name", ANONYMOUS)
def test_entrance_pages_are_ours(client, db, name):
    html = client.get(reverse(name)).content.decode()

    assert html.count('<div class="entrance">') == 1
    assert html.count("<h1>") == 1
    assert not FOREIGN.search(html)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_entrance_pages_of_an_officer_are_ours(client, kubar, name):
    log_in(client)

    html = client.get(reverse(name)).content.decode()

    assert html.count('<div class="entrance">') == 1
    assert html.count("<h1>") == 1
    assert not FOREIGN.search(html)


def test_officer_without_a_password_may_choose_one(sign_in):
    client = sign_in("kubar")

    assert client.get("/akun/sandi/ganti/")["Location"] == "/akun/sandi/buat/"
    html = client.get("/akun/sandi/buat/").content.decode()
    assert html.count('<div class="entrance">') == 1


def test_old_reset_link_says_what_to_do(client, db):
    html = client.get("/akun/sandi/baru/1-salah/").content.decode()

    assert html.count('<div class="entrance">') == 1
    assert "/akun/sandi/lupa/" in html


def test_password_and_code_of_any_length_are_not_taken(client, kubar):
    """Red before: the limit stood in the page alone, and a longer password that was taken could not be typed again."""
    log_in(client)
    long = "sandi-" * 30

    response = client.post(
        "/akun/sandi/ganti/", {"oldpassword": PASSWORD, "password1": long, "password2": long}
    )

    assert "password1" in response.context["form"].errors
    assert Officer.objects.get(username="kubar").check_password(PASSWORD)
    assert "password" in log_in(type(client)(), password="x" * 129).context["form"].errors
    assert [verb for verb, _actor, _unit in entries()] == ["officer.logged_in"]

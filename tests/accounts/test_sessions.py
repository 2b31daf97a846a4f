"""Sessions: those that ended do not stay, and officers see and end their own."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Officer
from accounts.operations import officers, sessions
from accounts.queries.sessions import browser_in_words, ref_of, sessions_of
from accounts.tasks import clear_sessions
from audit.models import Entry
from config import sweep
from config.seen import EVERY_SECONDS
from tests.cast import PASSWORD

SECURITY, HOME = "/akun/keamanan/", "/wilayah/sumber-data/"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0"


@pytest.fixture
def log_in(cast, client):
    """Log in for real, from a browser: ``log_in("kubar", ANDROID)``."""
    for officer in (cast.kubar, cast.berau):
        officer.set_password(PASSWORD)
        officer.save(update_fields=["password"])

    def logged_in(username: str, agent: str, ip: str = "10.1.2.3"):
        browser = type(client)(headers={"User-Agent": agent}, REMOTE_ADDR=ip)
        browser.post("/akun/masuk/", {"login": username, "password": PASSWORD})
        return browser

    return logged_in


def end_url(browser) -> str:
    return f"{SECURITY}sesi/{ref_of(browser.session.session_key)}/akhiri/"


def test_sessions_that_ended_are_taken_away(sign_in):
    sign_in("kubar"), sign_in("berau")
    old, live = Session.objects.order_by("session_key")
    Session.objects.filter(pk=old.pk).update(expire_date=timezone.now() - timedelta(seconds=1))

    clear_sessions()

    assert list(Session.objects.all()) == [live]


def test_sessions_that_ended_take_their_browser_along(log_in):
    old, live = log_in("kubar", ANDROID), log_in("berau", WINDOWS)
    Session.objects.filter(pk=old.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    live_key = live.session.session_key

    clear_sessions()

    assert [row.session_key for row in UserSession.objects.all()] == [live_key]


def test_sessions_are_taken_away_by_the_sweep():
    assert "accounts.tasks.clear_sessions" in sweep.SLOW


def test_sessions_are_listed_to_their_officer_alone(log_in):
    phone, desk = log_in("kubar", ANDROID), log_in("kubar", WINDOWS, "10.9.9.9")
    log_in("berau", ANDROID, "10.7.7.7")

    html = phone.get(SECURITY).content.decode()

    assert html.index("10.1.2.3") < html.index("10.9.9.9")
    assert "10.7.7.7" not in html
    assert "Firefox" in html and "Android" in html
    assert end_url(desk) in html
    assert end_url(phone) not in html
    assert desk.session.session_key not in html


def test_session_is_ended_elsewhere(log_in):
    phone, desk = log_in("kubar", ANDROID), log_in("kubar", WINDOWS)

    response = phone.post(end_url(desk))

    assert response["Location"] == SECURITY
    assert desk.get(HOME).status_code == 302
    assert phone.get(HOME).status_code == 200
    assert UserSession.objects.count() == 1
    assert Entry.objects.order_by("pk").last().verb == "officer.session_ended"


def test_session_of_somebody_else_or_this_one_is_not_there(log_in):
    phone, other = log_in("kubar", ANDROID), log_in("berau", ANDROID)

    for browser in (other, phone):
        assert phone.post(end_url(browser)).status_code == 404
    assert other.get(HOME).status_code == 200
    assert phone.get(HOME).status_code == 200


def test_sessions_elsewhere_end_all_at_once_also_those_on_no_list(log_in, sign_in, cast):
    phone, desk, neighbour = log_in("kubar", ANDROID), log_in("kubar", WINDOWS), log_in("berau", ANDROID)
    cast.kubar.refresh_from_db()
    unlisted = sign_in("kubar")
    assert unlisted.get(HOME).status_code == 200

    response = phone.post(f"{SECURITY}sesi/lainnya/akhiri/")

    assert response["Location"] == SECURITY
    assert [browser.get(HOME).status_code for browser in (phone, desk, unlisted, neighbour)] == [
        200,
        302,
        302,
        200,
    ]
    assert Entry.objects.order_by("pk").last().verb == "officer.sessions_ended"
    assert [one.is_current for one in sessions_of(cast.kubar, phone.session.session_key)] == [True]


@pytest.mark.parametrize(
    "act",
    [
        lambda cast: officers.deactivate(officer=cast.kubar, by=cast.admin),
        lambda cast: officers.update(officer=cast.kubar, by=cast.admin, unit=cast.unit("polres-berau")),
    ],
)
def test_sessions_end_with_the_post(log_in, cast, act):
    phone, neighbour = log_in("kubar", ANDROID), log_in("berau", ANDROID)
    cast.kubar.refresh_from_db()

    act(cast)

    assert phone.get(HOME).status_code == 302
    assert neighbour.get(HOME).status_code == 200
    assert [row.user_id for row in UserSession.objects.all()] == [cast.berau.pk]


def test_sessions_that_a_new_password_ended_are_not_listed(log_in, cast):
    """Red before: the list went on naming the other device, as if the change had not helped."""
    phone, desk = log_in("kubar", ANDROID), log_in("kubar", WINDOWS)
    new = {"password1": "sandi-lain-sekali-2027", "password2": "sandi-lain-sekali-2027"}

    phone.post("/akun/sandi/ganti/", {"oldpassword": PASSWORD, **new})

    assert [one.is_current for one in sessions_of(cast.kubar, phone.session.session_key)] == [True]
    assert (phone.get(HOME).status_code, desk.get(HOME).status_code) == (200, 302)


def test_session_is_noted_as_seen_now_and_then(log_in, django_assert_num_queries):
    phone = log_in("kubar", ANDROID)
    row = UserSession.objects.get()
    phone.get(HOME)
    assert UserSession.objects.get().last_seen_at == row.last_seen_at

    with time_machine.travel(timezone.now() + timedelta(seconds=EVERY_SECONDS + 5), tick=False):
        phone.get(HOME)
        assert UserSession.objects.get().last_seen_at == timezone.now()


def test_sessions_are_listed_in_two_queries(log_in, cast, django_assert_num_queries):
    for _number in range(3):
        phone = log_in("kubar", ANDROID)
    key = phone.session.session_key

    with django_assert_num_queries(1):
        assert len(sessions_of(cast.kubar, key)) == 3


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, ("Chrome", "Android")),
        (WINDOWS, ("Firefox", "Windows")),
        (f"{ANDROID} EdgA/120.0", ("Microsoft Edge", "Android")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1",
            ("Safari", "iPhone"),
        ),
        ("", ("", "")),
    ],
)
def test_browser_is_told_in_words(agent, words):
    told = browser_in_words(agent)

    assert told and all(word in told for word in words)


@pytest.mark.parametrize("act", ["end", "end_others"])
def test_ending_sessions_rolls_back_when_the_audit_fails(log_in, cast, act):
    phone, desk = log_in("kubar", ANDROID), log_in("kubar", WINDOWS)
    row = UserSession.objects.get(session_key=desk.session.session_key)
    given = {"session": row} if act == "end" else {"key": phone.session.session_key}

    with mock.patch.object(sessions, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        getattr(sessions, act)(officer=cast.kubar, **given)

    assert UserSession.objects.count() == 2
    assert Officer.objects.get(username="kubar").session_epoch == 0

"""The API's own way in: no page middleware, and nothing less of what protects an answer."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, connections
from django.test import RequestFactory
from django.utils import translation

from config import wsgi
from config.lean import beside
from events.door_connection import kept_plans, usual_plans
from events.operations import door, door_items
from tests.cast import Cast
from tests.events.phones import Phone, statuses

PAGES_ONLY = {"Set-Cookie", "Content-Language", "Content-Security-Policy"}


@pytest.fixture(autouse=True)
def one_connection():
    """A whole request would close the connection in whose transaction the test stands."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def event(cast):
    return cast.event()


def _ask(path, *, application=None, host="localhost", token="", body=None, method="GET", **extra):
    environ = RequestFactory().generic(method, path, json.dumps(body) if body else "").environ
    environ |= {"HTTP_HOST": host, "SERVER_NAME": host, **extra}
    if token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    if body:
        data = json.dumps(body).encode()
        environ |= {
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.input": BytesIO(data),
        }
    said = {}

    def start(status, headers, _exc=None):
        said.update(status=int(status[:3]), headers=dict(headers))

    content = b"".join((application or wsgi.application)(environ, start))
    return said["status"], said["headers"], content


def test_lean_calls_pass_no_middleware_of_pages(event, cast, client):
    phone = Phone(event, cast.kubar)
    person = cast.guest(event, cast.partner("Sari"))
    body = {"client": "1", "items": [phone.present(person)]}
    address = f"/api/v1/events/{event.public_id}/scans"
    passed = []

    def pages(environ, start_response):
        passed.append(environ["PATH_INFO"])
        return wsgi._pages(environ, start_response)

    application = beside(pages)
    with translation.override("en"):
        status, headers, content = _ask(
            address, application=application, method="POST", token=phone.token, body=body
        )
    page = _ask("/akun/masuk/", application=application)

    assert (status, statuses(json.loads(content))) == (200, ["stored"])
    assert passed == ["/akun/masuk/"]
    assert not PAGES_ONLY & set(headers)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Length"] == str(len(content))
    assert PAGES_ONLY - {"Set-Cookie"} <= set(page[1])
    assert phone.send(client, body["items"])["items"][0]["status"] == "known"


def test_lean_refusals_are_in_indonesian_whatever_the_page_before_chose():
    with translation.override("en"):
        status, _headers, content = _ask("/api/v1/device")

    assert (status, json.loads(content)["code"]) == (401, "device")
    assert "HP ini" in json.loads(content)["sentence"]


@pytest.mark.expects_error_log
def test_lean_refuses_hosts_that_are_not_ours(db):
    assert _ask("/api/v1/device", host="evil.example")[0] == 400


def test_lean_sends_plain_http_to_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    application = beside(wsgi._pages)

    status, headers, _content = _ask("/api/v1/device", application=application)

    assert (status, headers["Location"]) == (301, "https://localhost/api/v1/device")


def test_lean_leaves_the_settings_as_they_are(settings):
    beside(wsgi._pages)

    assert "config.lean.OursMiddleware" not in settings.MIDDLEWARE


_PLANS = "SELECT current_setting('plan_cache_mode'), current_setting('enable_seqscan')"


@pytest.mark.django_db(transaction=True)
def test_lean_calls_have_a_connection_whose_plans_are_kept():
    """On PostgreSQL: the pages have theirs again afterwards, whatever happened, and the other one stays open."""
    pages, met = connections["default"], []

    def look():
        met.append(connections["default"])
        with connection.cursor() as cursor:
            cursor.execute(
                _PLANS if connection.vendor == "postgresql" else "SELECT 'force_generic_plan', 'off'"
            )
            return cursor.fetchone()

    with kept_plans():
        assert look() == ("force_generic_plan", "off")
        with usual_plans():
            assert connections["default"] is pages
        assert connections["default"] is met[0]
    with pytest.raises(ValueError, match="inside"), kept_plans():
        look()
        raise ValueError("inside")
    is_ours = connection.vendor == "postgresql"
    stays_open = met[0].connection is not None
    if is_ours:
        met[0].close()
    assert stays_open
    assert connections["default"] is pages
    assert met[0] is met[1]
    assert (met[0] is pages) is not is_ours
    assert not is_ours or look() == ("force_custom_plan", "on")


def test_lean_marks_go_over_it_and_walk_ins_do_not(transactional_db, monkeypatch):
    """What looks for a person by a number would read every partner by a plan for any number."""
    cast, asked = Cast(), []
    event = cast.event()
    phone, sari = Phone(event, cast.kubar), cast.guest(event, cast.partner("Sari"))
    is_ours = connection.vendor == "postgresql"

    def noting(module, name):
        act = getattr(module, name)

        def noted(*given, **named):
            with connection.cursor() as cursor:
                cursor.execute(_PLANS if is_ours else "SELECT 'force_custom_plan', 'on'")
                asked.append((name, cursor.fetchone()))
            return act(*given, **named)

        monkeypatch.setattr(module, name, noted)

    noting(door, "write")
    noting(door_items, "take")
    address, body = f"/api/v1/events/{event.public_id}/scans", {"client": "2"}
    try:
        for item in (phone.present(sari), phone.walk_in("Rina")):
            body["items"] = [item]
            answer = _ask(address, method="POST", token=phone.token, body=body)
            assert statuses(json.loads(answer[2])) == ["stored"]
    finally:
        with kept_plans():
            if is_ours:
                connection.close()

    kept = ("force_generic_plan", "off") if is_ours else ("force_custom_plan", "on")
    assert asked == [("write", kept), ("take", ("force_custom_plan", "on"))]


def test_lean_calls_inside_a_transaction_stay_in_it(db):
    pages = connections["default"]
    with kept_plans():
        assert connections["default"] is pages

"""Every address × role × relation, with rows that could leak.

The rows are made once; each request runs in a savepoint that is rolled back. One test per address collects all that is
wrong, so that a failure reads like a list.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.middleware import csrf
from django.template.base import Template
from django.urls import URLPattern, get_resolver, reverse

from accounts.roles import ALL_PERMISSIONS, PERMISSIONS
from papers import rendering
from tests.access_matrix import ANY, EVERY_VIEWER, PUBLIC, ROWS, VIEWERS, Row, Thing, Who, World, address
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db  # each test a savepoint inside the transaction of ``world``
WHO = EVERY_VIEWER if os.environ.get("REMBUK_DEEP") == "1" else VIEWERS
ANONYMOUS: Who = ("anonymous", "")
_CHANGING = [
    re.compile(rb'nonce="[^"]+"'),
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'),
    re.compile(rb'"X-CSRFToken": "[^"]+"'),
]

_UNSTEADY = {"Content-Security-Policy", "Content-Length", "Expires"}


def patterns(resolver: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield (f"{namespace}:{pattern.name}" if namespace else str(pattern.name)), pattern
        else:
            yield from patterns(pattern, pattern.namespace or namespace)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def papers_as_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """The canaries are looked for in what a paper is made of: a PDF would hide them, and take its time. The letterhead
    is there for whoever holds the paper."""

    def as_data(layout: str, data: dict[str, Any], **_more: Any) -> bytes:
        return json.dumps({**data, "letterhead": []}).encode()

    monkeypatch.setattr(rendering, "render", as_data)


@pytest.fixture(autouse=True)
def nothing_but_the_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 12,000 pages nobody asks for the templates and their contexts, which Django's test client copies; and the
    form's key, masked anew with 32 random letters wherever it is written, is cut out of what is compared."""
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
    monkeypatch.setattr(csrf, "_mask_cipher_secret", lambda secret: secret * 2)
    monkeypatch.setattr(csrf, "_unmask_cipher_token", lambda token: token[: len(token) // 2])


@pytest.fixture(scope="module")
def clients(world: World) -> dict[Who, CheckingClient]:
    signed_in = {ANONYMOUS: CheckingClient()}
    for who in WHO:
        signed_in[who] = CheckingClient()
        signed_in[who].force_login(world.officers[who])
    return signed_in


class Driver:
    """Sends requests and remembers what was wrong."""

    def __init__(self, world: World, clients: dict[Who, CheckingClient], name: str, row: Row) -> None:
        self.world, self.clients, self.name, self.row = world, clients, name, row
        self.wrong: list[str] = []
        self.missing: dict[Any, Any] = {}
        self.refused: set[tuple[str, str]] = set()

    def send(self, who: Who, url: str, method: str) -> Any:
        client = self.clients[who]
        cookies = {key: morsel.value for key, morsel in client.cookies.items()}
        cache.clear()  # a throttle counts the misses
        with transaction.atomic():
            # Never quite empty: a browser sends the form's key.
            data = {"csrfmiddlewaretoken": "", **self.row.data}
            response = client.post(url, data) if method == "POST" else client.get(url)
            response.body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        client.cookies = SimpleCookie(cookies)
        self.look_for_canaries(who, url, response)
        return response

    def look_for_canaries(self, who: Who, url: str, response: Any) -> None:
        text = response.body.decode(errors="replace")
        for canary in self.world.canaries:
            if canary.text in text and not (
                canary.sees(who) and (self.row.shows_contact or not canary.contact)
            ):
                self.wrong.append(f"{_say(who)} met {canary.text!r} at {url}")

    def expect(self, who: Who, thing: Thing | None, response: Any, statuses: Any) -> None:
        if response.status_code not in statuses:
            self.wrong.append(
                f"{_say(who)} on {thing.name if thing else self.name}: {response.status_code}, not {sorted(statuses)}"
            )

    def run(self) -> list[str]:
        things = self.world.things[self.row.scope] if self.row.scope else [None]
        for method in self.row.methods:
            for thing in things if self.row.permission == PUBLIC else things[:1]:
                self._anonymous(thing, method)
            for who in WHO:
                if self.permitted(who):
                    for thing in things:
                        self._permitted_on(who, thing, method)
                else:
                    self._refused(who, things[0], method)
        return self.wrong

    def permitted(self, who: Who) -> bool:
        if self.row.only_from and who[1] not in self.row.only_from:
            return False
        return self.row.permission in {PUBLIC, ANY} or self.row.permission in PERMISSIONS[who[0]]

    def _anonymous(self, thing: Thing | None, method: str) -> None:
        if self.row.permission == PUBLIC:
            self._permitted_on(ANONYMOUS, thing, method)
            return
        url = address(self.name, thing)
        response = self.send(ANONYMOUS, url, method)
        if response.status_code != 302 or not response["Location"].startswith(reverse("account_login")):
            self.wrong.append(f"anonymous: {response.status_code} at {url}")

    def _refused(self, who: Who, thing: Thing | None, method: str) -> None:
        """Without the permission the answer is 403, whether the row exists or not (asked once for each role)."""
        is_first = thing is not None and (who[0], method) not in self.refused
        self.refused.add((who[0], method))
        for missing in (False, True) if is_first else (False,):
            response = self.send(who, address(self.name, thing, missing=missing), method)
            self.expect(who, thing, response, {403})

    def _permitted_on(self, who: Who, thing: Thing | None, method: str) -> None:
        for query in ("", *(self.row.queries if method == "GET" else ())):
            response = self.send(who, address(self.name, thing) + query, method)
            if thing is None or (thing.seen_by(who) and thing.may_act(who, self.row.rule)):
                self.expect(who, thing, response, self.row.expected(method))
            elif thing.seen_by(who):
                self.expect(who, thing, response, {403})
            else:
                self._hidden(who, thing, response, method)

    def _hidden(self, who: Who, thing: Thing, response: Any, method: str) -> None:
        self.expect(who, thing, response, {403, 404} if thing.crossed else {404})
        key = (who, method, thing.args[:-1])
        if key not in self.missing:
            self.missing[key] = _steady(self.send(who, address(self.name, thing, missing=True), method))
        if _steady(response) != self.missing[key]:
            self.wrong.append(f"{_say(who)} can tell {thing.name} from a missing one")


def _say(who: Who) -> str:
    return "/".join(str(part) for part in who)


def _steady(response: Any) -> tuple[int, bytes, list[str]]:
    """Status, bytes and headers, but for what is random in every answer, and the clock."""
    body = response.body
    for changing in _CHANGING:
        body = changing.sub(b"", body)
    headers = [f"{key}: {value}" for key, value in response.items() if key not in _UNSTEADY]
    return response.status_code, body, headers


def test_access_matrix_names_every_address():
    named = {name for name, _pattern in patterns()}
    assert named - set(ROWS) == set(), "without a row"
    assert set(ROWS) - named == set(), "without an address"


def test_access_matrix_asks_for_permissions_that_exist():
    assert {row.permission for row in ROWS.values()} <= ALL_PERMISSIONS | {PUBLIC, ANY}


def test_access_matrix_views_declare_what_their_row_says():
    """``@requires`` leaves its permission on the view; what carries none is open to every officer, or public."""
    declared = {
        name: _attribute(pattern.callback, "permission") for name, pattern in patterns() if name in ROWS
    }
    assert declared == {
        name: None if ROWS[name].permission in {PUBLIC, ANY} else ROWS[name].permission for name in declared
    }


def _attribute(view: Any, name: str) -> Any:
    while view is not None:
        if hasattr(view, name):
            return getattr(view, name)
        view = getattr(view, "__wrapped__", None)
    return None


def test_access_matrix_only_public_rows_do_without_login():
    open_to_all = {
        name for name, pattern in patterns() if not getattr(pattern.callback, "login_required", True)
    }
    assert {name for name in open_to_all if name in ROWS} == {
        name for name, row in ROWS.items() if row.permission == PUBLIC and name in dict(patterns())
    }


def test_access_matrix_no_view_is_exempt_from_csrf_but_the_api():
    """The API reads no cookie: nobody else's page can make a browser speak for a device."""
    exempt = {name for name, pattern in patterns() if getattr(pattern.callback, "csrf_exempt", False)}
    assert {name for name in exempt if not name.startswith("api:")} == set()


@pytest.mark.matrix
@pytest.mark.parametrize("name", ROWS)
def test_access_matrix(world, clients, name):
    world.put_files_in_place()

    wrong = Driver(world, clients, name, ROWS[name]).run()
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


POST_ONLY = sorted({name for name, row in ROWS.items() if row.method == "POST"} - {"set_language"})


@pytest.mark.parametrize("name", POST_ONLY)
def test_access_matrix_post_addresses_refuse_get(world, clients, name):
    """A link, a prefetch or a picture in a letter must not act. (set_language is Django's: GET does nothing.)"""
    driver, row = Driver(world, clients, name, ROWS[name]), ROWS[name]
    things = world.things[row.scope] if row.scope else [None]
    allowed = [
        (who, thing)
        for who in WHO
        for thing in things
        if driver.permitted(who) and (thing is None or (thing.seen_by(who) and thing.may_act(who, row.rule)))
    ]

    assert driver.send(allowed[0][0], address(name, allowed[0][1]), "GET").status_code == 405


def test_access_matrix_canaries_are_met_by_those_who_may(world, clients):
    """The canaries must be able to sing: a matrix that never meets one would be green on empty pages."""
    kubar = clients[("local_officer", "polres-kubar")]
    detail = kubar.get(address("partners:partner-detail", world.things["partner"][0])).content.decode()
    assert "Kanari Kubar Zzyx" in detail
    assert "811000110" not in detail

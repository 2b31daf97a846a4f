"""A real browser (system Chromium through Playwright) on a real server, with the checks that every page gets.

Whatever a page writes to its console as an error, throws, or asks of another host fails the test.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from accounts.models import Officer

# Playwright's synchronous API runs an event loop in this thread, which Django would take for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE, DESK = 360, 1280
HEIGHTS = {PHONE: 740, DESK: 900}
AXE = (Path(__file__).resolve().parents[1] / "vendor/axe-core/axe.min.js").read_text()
# A status that the test provokes (404, 422), and a line that it cuts, are no errors of the page.
PROVOKED = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
# On a machine that is busy with other tests, too; nothing that succeeds takes longer for it.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS / 2)
# This machine under a name that is no secure address; Django's tests allow it.
INSECURE = "testserver"
# Chromium itself must be as quiet as our pages.
FLAGS = [
    f"--host-resolver-rules=MAP {INSECURE} 127.0.0.1",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--metrics-recording-only",
    "--no-pings",
]


@pytest.fixture(scope="session")
def static_folder() -> None:
    """The server's WhiteNoise looks for it once, when it starts; the finders serve what the pages ask for."""
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def live_server(static_folder: None, live_server: Any) -> Any:
    return live_server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One browser window: its page, and what it said or asked for that it should not."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.context, self.home = context, home
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.forgiven: tuple[str, ...] = ()
        context.on("request", self._asked)
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._said)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((f"{self.home}/", "data:", "blob:", "about:")):
            self.foreign.append(request.url)

    def _said(self, message: Any) -> None:
        if message.type == "error" and not any(text in message.text for text in (*PROVOKED, *self.forgiven)):
            self.errors.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> Any:
        return self.page.goto(f"{self.home}{path}")

    def check(self) -> None:
        assert self.foreign == []
        assert self.errors == []


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Visit]]:
    """``visit("kubar", width=PHONE)``: a window, signed in without the form when an officer is named."""
    visits: list[Visit] = []

    def opened(officer: Officer | None = None, *, width: int = PHONE, **options: Any) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            locale="id-ID",
            timezone_id="Asia/Makassar",
            has_touch=width == PHONE,
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        if officer is not None:
            context.add_cookies([session_cookie(officer, live_server.url)])
        visits.append(Visit(context, live_server.url))
        return visits[-1]

    yield opened
    for one in visits:
        one.context.close()
    _wait_for_the_last_answers()
    for one in visits:
        one.check()


def _wait_for_the_last_answers() -> None:
    """What a window asked last is still being answered when it closes; emptying the tables must not meet that."""
    until = time.monotonic() + 5
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(max(0.0, until - time.monotonic()))


def session_cookie(officer: Officer, url: str) -> dict[str, Any]:
    client = Client()
    client.force_login(officer)
    return {
        "name": django_settings.SESSION_COOKIE_NAME,
        "value": client.cookies["sessionid"].value,
        "url": url,
    }


@pytest.fixture
def cast(transactional_db: None) -> Any:
    """The cast in rows that the server's threads can see."""
    from tests.cast import Cast

    return Cast()


def axe_violations(page: Page) -> list[str]:
    """Serious and critical findings of axe-core, each with the first element it concerns."""
    page.evaluate(f"() => {{ {AXE}; }}" if "axe" not in page.evaluate("Object.keys(window)") else "() => {}")
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{finding['id']} ({finding['impact']}): {finding['nodes'][0]['html'][:160]}"
        for finding in found
        if finding["impact"] in {"serious", "critical"}
    ]


def overflow(page: Page) -> str:
    """What sticks out of the window sideways; empty when nothing does."""
    if page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        return ""
    widest = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .map((element) => [Math.round(element.getBoundingClientRect().right), element.outerHTML.slice(0, 120)])
            .sort((a, b) => b[0] - a[0])[0]"""
    )
    return f"{widest[0]} px: {widest[1]}"


def settled(page: Page) -> None:
    """Until htmx has put its answer in place and listens to it: faster than a finger is too fast."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-added, .htmx-settling")).to_have_count(0)


def tab_to(page: Page, selector: str, limit: int = 60) -> None:
    """Press Tab until the element, once it is there, has the focus: as somebody without a mouse does."""
    with contextlib.suppress(PlaywrightTimeout):  # what is said below says more
        page.locator(selector).filter(visible=True).first.wait_for(timeout=PATIENCE_MS / 2)
    for _press in range(limit):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by {limit} presses of Tab on {page.url}: {_shown(page)}")


def _shown(page: Page) -> str:
    """What a page looked like: who has the focus, what stands in the fields, and how its text begins."""
    return page.evaluate(
        """() => [
          document.activeElement?.outerHTML.slice(0, 120),
          [...document.querySelectorAll("input:not([type=hidden], [type=password])")]
            .map((field) => `${field.id}=${field.value}`).join(" "),
          document.body.innerText.slice(0, 400),
        ].join("\\n")"""
    )

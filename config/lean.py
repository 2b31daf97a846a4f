"""The way to the door's API: no session, no form key, nothing that pages need. What every answer owes stays: HTTPS, its
headers, the hosts that are ours, and sentences in Indonesian. ``config/wsgi.py`` sends the calls of the phones here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

PREFIX = "/api/v1/"
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "config.lean.OursMiddleware"]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class OursMiddleware:
    """Refuses hosts that are not ours and says how long an answer is, as CommonMiddleware does for pages: a phone whose
    line breaks knows that it did not get the whole. Answers in Indonesian whatever language the page before chose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()
        with translation.override(settings.LANGUAGE_CODE):
            response = self.get_response(request)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


# The same few statements, over and over, each of which finds its rows by an index: planned once for each connection
# and not every time, which takes longer than to execute them; for the checks of foreign keys too. A plan that is kept
# was perhaps made when tables were empty, so it goes by the indexes whatever they hold.
_PLANS = "plan_cache_mode=force_generic_plan enable_seqscan=off enable_hashjoin=off enable_mergejoin=off"
_own = threading.local()


@contextmanager
def own_connection() -> Iterator[None]:
    """The thread's other connection to PostgreSQL, which stays open, in the place of the pages' own."""
    pages = connections[DEFAULT_DB_ALIAS]
    if pages.vendor != "postgresql" or pages.in_atomic_block:
        yield
        return
    if not hasattr(_own, "connection"):
        _own.connection = _lean_connection(pages.settings_dict)
    connections[DEFAULT_DB_ALIAS] = _own.connection
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = pages
        _own.connection.close_if_unusable_or_obsolete()


def _lean_connection(pages: dict[str, Any]) -> BaseDatabaseWrapper:
    options = {name: value for name, value in pages["OPTIONS"].items() if name != "pool"}
    options["options"] = " ".join([options.get("options", ""), *(f"-c {plan}" for plan in _PLANS.split())])
    settings_dict = {**pages, "CONN_MAX_AGE": 600, "OPTIONS": options}
    wrapper: BaseDatabaseWrapper = load_backend(pages["ENGINE"]).DatabaseWrapper(
        settings_dict, DEFAULT_DB_ALIAS
    )
    return wrapper


class LeanHandler(WSGIHandler):
    """Django's own, with the two middlewares above and a connection of its own."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        with own_connection():
            return super().get_response(request)

    def load_middleware(self, is_async: bool = False) -> None:
        whole = settings.MIDDLEWARE
        settings.MIDDLEWARE = MIDDLEWARE
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = whole


def beside(pages: Application) -> Application:
    """Everything to ``pages``, only the API past their middleware."""
    lean = LeanHandler()

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        handler: Any = lean if environ.get("PATH_INFO", "").startswith(PREFIX) else pages
        found: Iterable[bytes] = handler(environ, start_response)
        return found

    return application

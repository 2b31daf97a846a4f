"""The way to the door's API: no session, no form key, nothing that pages need. What every answer owes stays: HTTPS, its
headers, the hosts that are ours, and sentences in Indonesian. ``config/wsgi.py`` sends the calls of the phones here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from events.door_connection import kept_plans

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


class LeanHandler(WSGIHandler):
    """Django's own, with the two middlewares above; what phones send has a connection of its own."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        is_sent = request.method == "POST" and request.path_info.endswith("/scans")
        with kept_plans() if is_sent else nullcontext():
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

"""When a session was last used, for the officer's own list: noted every few minutes, not at every page."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.operations import sessions

EVERY_SECONDS = 600


class SeenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        noted = request.session.get(sessions.SEEN_KEY)
        if noted is not None and time.time() - noted > EVERY_SECONDS and request.user.is_authenticated:
            sessions.note_seen(officer=request.user, key=request.session.session_key or "")
            request.session[sessions.SEEN_KEY] = int(time.time())
        return self.get_response(request)

"""Forms that a page sends itself, so that what was typed survives a line that breaks (``static/app/drafts.js``).

See docs/adr/drafts-on-the-phone.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.urls import reverse

# The page sends one key with what it sends, and the same key only when it sends the very same again.
KEY_HEADER = "X-Form-Key"
# Where the browser goes on; it follows no redirect by itself, or the sentence on the next page would be lost.
PLACE_HEADER = "X-Location"
_KEY = re.compile(r"[0-9a-f-]{36}")
_REMEMBERED = 24 * 3600
# As long as a request may take: who dies on the way does not shut the form for longer.
_UNDER_WAY, _WORKING = "…", 60


class DraftsMiddleware:
    """Answers a form sent by the page with the address to go to, and the same form sent again with the same address.

    The memory is the cache: when it forgets, the second record is caught, if at all, by the likely twins.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(KEY_HEADER, "")
        if request.method != "POST" or not _KEY.fullmatch(key):
            return self.get_response(request)
        memory = _memory_of(request, key)
        if memory is None:
            return _going_on(self.get_response(request))
        if not cache.add(memory, _UNDER_WAY, _WORKING):
            known = cache.get(memory)
            return _once_more(known)
        return self._remembered(request, memory)

    def _remembered(self, request: HttpRequest, memory: str) -> HttpResponse:
        response: Any = None
        try:
            response = _going_on(self.get_response(request))
        finally:
            if response is None or PLACE_HEADER not in response or _is_turned_away(response[PLACE_HEADER]):
                cache.delete(memory)  # not saved: the same may be sent again
            else:
                cache.set(memory, response[PLACE_HEADER], _REMEMBERED)
        return response


def _memory_of(request: HttpRequest, key: str) -> str | None:
    """Of whom is not signed in, nothing is remembered."""
    user: Any = request.user
    return f"form:{user.pk}:{request.path}:{key}"[:240] if user.is_authenticated else None


def _going_on(response: HttpResponse) -> HttpResponse:
    """A redirect as an answer that the page reads. Cookies and sentences for the next page stay with it."""
    if isinstance(response, HttpResponseRedirectBase):
        place = response.url
        response.status_code = 204
        del response["Location"]
        response[PLACE_HEADER] = place
    return response


def _is_turned_away(place: str) -> bool:
    """To the password or the second factor, before the view was asked: all pages of an account begin alike."""
    return urlsplit(place).path.startswith(f"/{reverse('account_login').split('/')[1]}/")


def _once_more(known: str | None) -> HttpResponse:
    """What was saved before leads where it led before; what is still under way is asked for patience."""
    if known is None or known == _UNDER_WAY:
        return HttpResponse(status=409)
    return HttpResponse(status=204, headers={PLACE_HEADER: known})

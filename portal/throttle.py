"""Against guessing: who asks for many links that do not exist waits a while."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MISSES = 30
SECONDS = 600
# Of a page that tells no token from another, every call counts: were only the wrong ones, the waiting would tell.
# A whole café behind one address opens its codes at once.
CALLS = 200


def is_waiting(request: HttpRequest) -> bool:
    return int(cache.get(_key(request), 0)) >= MISSES


def note_miss(request: HttpRequest) -> None:
    key = _key(request)
    if not cache.add(key, 1, SECONDS):
        try:
            cache.incr(key)
        except ValueError:  # it ran out in between
            cache.set(key, 1, SECONDS)


def has_asked_enough(request: HttpRequest) -> bool:
    """Count one call of a page for everybody, whatever it asked for, and say whether it is one too many."""
    key = f"portal-calls:{_address_of(request)}"
    if cache.add(key, 1, SECONDS):
        return False
    try:
        return int(cache.incr(key)) > CALLS
    except ValueError:  # it ran out in between
        cache.set(key, 1, SECONDS)
        return False


def _key(request: HttpRequest) -> str:
    return f"portal-misses:{_address_of(request)}"


def _address_of(request: HttpRequest) -> str:
    """Behind our proxy the last forwarded address is the one it saw; the others anybody can write."""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded:
            return str(forwarded[:45])
    return str(request.META.get("REMOTE_ADDR", ""))

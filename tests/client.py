"""A test client that reads every HTML answer as a strict reviewer would."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

_LEFT_OVER = re.compile(r"\{\{|\{%|\}\}|%\}|%\(\w+\)s")
_INLINE_HANDLER = re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE)
_INLINE_STYLE = re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)
# Data for a script may well end in "}}".
_DATA = re.compile(r"<script\b[^>]*application/json[^>]*>.*?</script>", re.IGNORECASE | re.DOTALL)
_FOREIGN = re.compile(
    r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.I
)
_ID = re.compile(r"<[^>]+\sid=[\"']([^\"']+)[\"']")


class CheckingClient(Client):
    """Refuses inline scripts, handlers and styles, left-over template tags, foreign assets and doubled ids."""

    def request(self, **request: Any) -> HttpResponse:
        response = super().request(**request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            inspect_html(response.content.decode())
        return response


def inspect_html(html: str) -> None:
    body = re.sub(r"<textarea\b.*?</textarea>", "", html, flags=re.DOTALL)
    words = _DATA.sub("", body)
    assert not _LEFT_OVER.search(words), f"left over in the page: {_LEFT_OVER.search(words)}"
    assert not _INLINE_HANDLER.search(body), "inline event handler"
    assert not _INLINE_STYLE.search(body), f"inline style: {_INLINE_STYLE.search(body)}"
    assert not _FOREIGN.search(body), "asset from elsewhere"
    for attributes, content in _SCRIPT.findall(body):
        assert "src=" in attributes or "application/json" in attributes, "inline script"
        assert "application/json" in attributes or not content.strip(), "inline script"
    ids = _ID.findall(body)
    assert len(ids) == len(set(ids)), f"doubled ids: {sorted({i for i in ids if ids.count(i) > 1})}"

"""Lists that cost the same on their first page and their thousandth: keyset paging and counts that stop counting."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

PAGE_SIZE = 50
COUNT_CAP = 1000


@dataclass(frozen=True)
class Page:
    """``after`` is the cursor of the next page, empty on the last; ``is_first`` when no cursor led here."""

    rows: list[Any]
    after: str
    is_first: bool


@dataclass(frozen=True)
class Count:
    """A count that stops at the cap; ``is_more`` means "lebih dari 1.000"."""

    number: int
    is_more: bool


def page_of(
    queryset: QuerySet, *, key: str, cursor: str = "", size: int = PAGE_SIZE, descending: bool = False
) -> Page:
    """One page of ``queryset`` ordered by (``key``, pk). A cursor that cannot be read gives the first page."""
    queryset, is_first = rows_after(queryset, key=key, cursor=cursor, descending=descending)
    order = (f"-{key}", "-pk") if descending else (key, "pk")
    rows = list(queryset.order_by(*order)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    after = _write(getattr(rows[-1], key), rows[-1].pk) if more else ""
    return Page(rows=rows, after=after, is_first=is_first)


def rows_after(
    queryset: QuerySet, *, key: str, cursor: str, descending: bool = False
) -> tuple[QuerySet, bool]:
    """What stands behind a cursor, and whether that is everything: no cursor, or one that cannot be read."""
    place = place_of(cursor)
    if place is None:
        return queryset, True
    value, pk = place
    side, op = ("lte", "lt") if descending else ("gte", "gt")
    beyond = Q(**{f"{key}__{side}": value}) & (Q(**{f"{key}__{op}": value}) | Q(**{f"pk__{op}": pk}))
    try:
        return queryset.filter(beyond), False
    except (TypeError, ValueError, ValidationError):
        # A cursor that somebody made up, of another type than the key.
        return queryset, True


def capped_count(queryset: QuerySet, cap: int = COUNT_CAP) -> Count:
    """How many rows, looked at no further than one past the cap."""
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return Count(number=min(found, cap), is_more=found > cap)


def _write(value: Any, pk: int) -> str:
    value = value.isoformat() if hasattr(value, "isoformat") else value
    return base64.urlsafe_b64encode(json.dumps([value, pk]).encode()).decode().rstrip("=")


def place_of(cursor: str) -> tuple[Any, int] | None:
    """The (key, pk) behind which a cursor leads; None for none, or one that cannot be read."""
    if not cursor or len(cursor) > 400:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(value, str | int) or not isinstance(pk, int) or isinstance(pk, bool):
            return None
        str(value).encode()  # half a character, written as "\\ud800", would stop at the database
        return (value.replace("\x00", "") if isinstance(value, str) else value), pk
    except (ValueError, TypeError, binascii.Error):
        return None

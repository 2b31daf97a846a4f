"""Lists of plain values for PostgreSQL, each as one literal.

An array that the driver makes takes its type from what happens to be in it, so that one statement is prepared again and
again; and writing it value by value takes longer than the statement does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID


def literal(values: Iterable[Any]) -> str:
    """For a parameter that the statement casts to an array: ids, instants, days, truths and hashes, never what somebody
    wrote."""
    return "{" + ",".join([_WAYS.get(type(value), _word)(value) for value in values]) + "}"


def words(values: Iterable[str]) -> str:
    """The same of words of our own: a few, many times."""
    found = list(values)
    known = {value: _word(value) for value in set(found)}
    return "{" + ",".join([known[value] for value in found]) + "}"


def _uuid(value: UUID) -> str:
    return f"{value.int:032x}"


def _none(_value: None) -> str:
    return "NULL"


def _word(value: str) -> str:
    if not value:
        return '""'
    if (
        not value.isascii()
        or not value.replace("_", "").replace(".", "").isalnum()
        or value.lower() == "null"
    ):
        raise ValueError("Only plain words go into a list.")
    return str(value)


_WAYS: dict[type, Callable[[Any], str]] = {
    int: str,
    bool: str,
    UUID: _uuid,
    datetime: datetime.isoformat,
    date: date.isoformat,
    type(None): _none,
}

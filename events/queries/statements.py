"""Statements written by hand, the same for PostgreSQL and SQLite: a list is handed over as one parameter, and what
comes back is of one kind on both."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from audit.arrays import literal


def among(column: str, kind: str) -> str:
    """``column`` is one of a list of values, handed over as one parameter by :func:`listed`."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::{kind}[])"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def looked_up(table: str, column: str, kind: str, alias: str) -> str:
    """For FROM: the rows of ``table`` for each value of a list that :func:`listed` hands over. By the index of
    ``column`` whatever the table held when PostgreSQL made a plan that it keeps: a plain join was perhaps planned over
    an empty one, and goes through all of it until that is analysed. A value that is twice in the list gives its rows
    twice."""
    if connection.vendor == "postgresql":
        each = f"(SELECT * FROM {table} WHERE {column} = w.value OFFSET 0) {alias}"
        return f"unnest(%s::{kind}[]) w(value) CROSS JOIN LATERAL {each}"
    return f"json_each(%s) w JOIN {table} {alias} ON {alias}.{column} = w.value"


def beside(table: str, column: str, value: str, alias: str, *, needed: bool = False) -> str:
    """The row of ``table`` that belongs to one before it, looked up in that way; or NULL, unless it is ``needed``."""
    join = "JOIN" if needed else "LEFT JOIN"
    if connection.vendor == "postgresql":
        return f" {join} LATERAL (SELECT * FROM {table} WHERE {column} = {value} OFFSET 0) {alias} ON true"
    return f" {join} {table} {alias} ON {alias}.{column} = {value}"


def instant(column: str) -> str:
    """A moment in UTC without its zone, which :func:`as_time` puts back: with it, reading takes sixty times as long."""
    return f"{column} AT TIME ZONE 'UTC'" if connection.vendor == "postgresql" else column


def listed(values: Iterable[Any]) -> Any:
    if connection.vendor == "postgresql":
        return literal(values)
    return json.dumps([value.hex if isinstance(value, UUID) else value for value in values])


def selected(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


# SQLite keeps these three as text, and its driver may make an instant of one, without a zone; see also instant().
def as_uuid(value: Any) -> Any:
    return UUID(value) if isinstance(value, str) else value


def as_time(value: Any) -> Any:
    if value is None:
        return None
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def as_day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value

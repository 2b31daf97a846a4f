"""Sign an officer in, and record the statements of one real request for the replay floor."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client

from accounts.models import Officer
from audit.arrays import literal

TOKEN = "b" * 32
Slots = dict[Any, tuple[str, str]]


def session_key(username: str) -> str:
    officer = Officer.objects.get(username=username)
    store = SessionStore()
    store[SESSION_KEY] = str(officer.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def cookie(username: str) -> str:
    """The Cookie header of a signed-in officer, with a CSRF token that ``TOKEN`` answers."""
    return f"sessionid={session_key(username)}; csrftoken={TOKEN}"


def signed_in(username: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.cookies["sessionid"] = session_key(username)
    return client


def statements_of(request: Callable[[], Any]) -> tuple[Any, list[tuple[str, Any]]]:
    """The answer of a request made in this process, and each statement that it sent to the database."""
    seen: list[tuple[str, Any]] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        response = request()
    return response, [(sql, params) for sql, params in seen if "SAVEPOINT" not in sql]


def write_replay(
    path: Path, statements: list[tuple[str, Any]], slots: Slots, returned: dict[int, str]
) -> None:
    """Store the statements as JSON; values found in ``slots`` are left open for another object's.

    A UUID that an INSERT brings along and no slot names is a new one each time.

    :param slots: value of this request → (name, "int" or "text"); also found where it is all of a list.
    :param returned: number of the statement whose first column fills the slot of that name.
    """
    kept = [
        {
            "sql": sql,
            "params": [_left_open(value, slots, sql) for value in (params or ())],
            "writes": sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
            or "INSERT INTO" in sql
            or "FOR UPDATE" in sql
            or "FOR NO KEY UPDATE" in sql,
            "returns": returned.get(number, ""),
        }
        for number, (sql, params) in enumerate(statements)
    ]
    path.write_text(json.dumps(kept, default=str))


def _left_open(value: Any, slots: Slots, sql: str) -> Any:
    if isinstance(value, list):
        return {"list": [_left_open(one, slots, sql) for one in value]}
    if isinstance(value, uuid.UUID | int | str) and not isinstance(value, bool) and value in slots:
        name, kind = slots[value]
        return {"slot": name, "as": kind}
    if isinstance(value, str) and value.startswith("{"):
        for one, (name, _kind) in slots.items():
            if value == literal([one]):
                return {"slot": name, "as": "list"}
    if isinstance(value, uuid.UUID) and sql.startswith("INSERT"):
        return {"uuid": True}
    adapted = getattr(value, "obj", None)
    if adapted is not None:
        return {"raw": json.dumps(adapted)}
    return {"raw": value if isinstance(value, int | str | float | bool | type(None)) else str(value)}

"""The connection to PostgreSQL over which marks from the door go, apart from that of the pages.

The same few statements, over and over, each of which finds its rows by their keys: planned once for each connection and
not every time, which takes longer than to execute them; for the checks of foreign keys too. A plan that is kept was
perhaps made when tables were empty, so it goes by the indexes whatever they hold. What looks for rows in any other way
has no business here: a plan for any value reads all of a table where one for that value reads three rows of it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

_PLANS = "plan_cache_mode=force_generic_plan enable_seqscan=off enable_hashjoin=off enable_mergejoin=off"
# ``own`` stays open from call to call; ``usual`` is that of the pages, while ``own`` stands in its place.
_thread = threading.local()


@contextmanager
def kept_plans() -> Iterator[None]:
    """The thread's other connection in the place of the usual one. Inside a transaction, and on SQLite, nothing
    changes."""
    usual = connections[DEFAULT_DB_ALIAS]
    if usual.vendor != "postgresql" or usual.in_atomic_block:
        yield
        return
    if not hasattr(_thread, "own"):
        _thread.own = _connection_like(usual.settings_dict)
    _thread.usual, connections[DEFAULT_DB_ALIAS] = usual, _thread.own
    try:
        yield
    finally:
        _thread.usual, connections[DEFAULT_DB_ALIAS] = None, usual
        _thread.own.close_if_unusable_or_obsolete()


@contextmanager
def usual_plans() -> Iterator[None]:
    """Inside :func:`kept_plans`, between two transactions: the usual connection again."""
    usual = getattr(_thread, "usual", None)
    if usual is None or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        yield
        return
    _thread.usual, connections[DEFAULT_DB_ALIAS] = None, usual
    try:
        yield
    finally:
        _thread.usual, connections[DEFAULT_DB_ALIAS] = usual, _thread.own


def _connection_like(usual: dict[str, Any]) -> BaseDatabaseWrapper:
    options = {name: value for name, value in usual["OPTIONS"].items() if name != "pool"}
    options["options"] = " ".join([options.get("options", ""), *(f"-c {plan}" for plan in _PLANS.split())])
    found: BaseDatabaseWrapper = load_backend(usual["ENGINE"]).DatabaseWrapper(
        {**usual, "CONN_MAX_AGE": 600, "OPTIONS": options}, DEFAULT_DB_ALIAS
    )
    return found

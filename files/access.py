"""Who may download a stored file: asked of the app that stored it, by purpose.

A leaf knows no scope. Each app that stores files registers its check in ``AppConfig.ready()``; a purpose without one
is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from files.models import StoredFile

Check = Callable[[Any, StoredFile], bool]
_checks: dict[str, Check] = {}


def register(purpose: str, check: Check) -> None:
    """:param check: called with the officer and the file; True lets them download it."""
    _checks[purpose] = check


def may_download(user: Any, stored: StoredFile) -> bool:
    check = _checks.get(stored.purpose)
    return check is not None and check(user, stored)

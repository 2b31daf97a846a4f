"""What else ends, beside the sessions, when an officer is moved, switched off or may do less than before: each higher
app says so itself.

Set in the higher app's ``AppConfig.ready()``: ``endings.register(callback)``. The callback is called with the officer
and with who did it, inside the transaction that does it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Ending = Callable[[Any, Any], None]
_registry: list[Ending] = []


def register(callback: Ending) -> None:
    _registry.append(callback)


def run(officer: Any, by: Any) -> None:
    for callback in _registry:
        callback(officer, by)

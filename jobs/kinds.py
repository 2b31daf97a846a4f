"""The kinds of long work: what each does, step by step.

A kind is a function that does one short step in its own transaction and says where to go on. So a job can be watched,
cancelled, left by a process that dies and taken up by another, and no job keeps the sweep from its other work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Step:
    """What one step did. ``cursor`` None: the work is over, and ``result`` is what the owner is told."""

    done: int
    cursor: Any = None
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def is_last(self) -> bool:
        return self.cursor is None


@dataclass(frozen=True)
class Kind:
    """:param total: how many there are to do, asked when the job begins.
    :param step: called with the job's arguments and the last cursor ({} at first; JSON), in a transaction. It must bear
        being repeated: a process may die after the step and before the cursor is kept.
    """

    name: str
    label: str | Promise
    total: Callable[[dict[str, Any]], int]
    step: Callable[[dict[str, Any], Any], Step]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called from ``AppConfig.ready()`` of the app that does the work."""
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind:
    """:raises LookupError: for a kind that no app registered."""
    if name not in _kinds:
        raise LookupError(f"No app does jobs of the kind {name!r}.")
    return _kinds[name]

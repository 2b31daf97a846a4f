"""The work that lies with one officer, kind by kind: each higher app says what it is and how it is passed on.

Set in the higher app's ``AppConfig.ready()`` and nowhere else. (The phone in a guest's hand is another matter:
:mod:`accounts.handover`.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Rows = Callable[[Any], list[tuple[str, str]]]
PassOn = Callable[..., int]


@dataclass(frozen=True)
class Kind:
    """``rows(officer)`` gives title and address of each piece; ``pass_on(officer=, to=, by=)`` moves them and says how
    many. ``needs`` is the permission that whoever takes the work must hold, and that opens its pages."""

    kind: str
    label: str | Promise
    rows: Rows
    pass_on: PassOn
    needs: str


@dataclass(frozen=True)
class Pile:
    """What lies with the officer of one kind."""

    kind: Kind
    rows: list[tuple[str, str]]


_registry: dict[str, Kind] = {}


def register(kind: str, label: str | Promise, rows: Rows, pass_on: PassOn, *, needs: str) -> None:
    if kind in _registry:
        raise LookupError(f"Open work of the kind {kind!r} is registered twice.")
    _registry[kind] = Kind(kind, label, rows, pass_on, needs)


def kinds() -> list[Kind]:
    return list(_registry.values())


def of(officer: Any) -> list[Pile]:
    """The piles that are not empty."""
    piles = [Pile(kind, kind.rows(officer)) for kind in _registry.values()]
    return [pile for pile in piles if pile.rows]

"""The work that lies with one officer, kind by kind: each higher app says what it is and how it is passed on.

Set in the higher app's ``AppConfig.ready()`` and nowhere else. (The phone in a guest's hand is another matter:
:mod:`accounts.handover`.)
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Piece:
    """One piece of work, and the unit whose work it is: the officer may since have gone to another one."""

    title: str
    url: str
    unit_id: int


Pieces = Callable[[Any], list[Piece]]
PassOn = Callable[..., int]


@dataclass(frozen=True)
class Kind:
    """``pieces(officer)`` gives all that lies with the officer; ``pass_on(officer=, to=, by=, within=)`` moves what is
    the work of these units and says how many. ``needs`` is the permission that whoever takes the work must hold, and
    that opens its pages."""

    kind: str
    label: str | Promise
    pieces: Pieces
    pass_on: PassOn
    needs: str


@dataclass(frozen=True)
class Pile:
    """What lies with the officer of one kind."""

    kind: Kind
    rows: list[Piece]


_registry: dict[str, Kind] = {}


def register(kind: str, label: str | Promise, pieces: Pieces, pass_on: PassOn, *, needs: str) -> None:
    if kind in _registry:
        raise LookupError(f"Open work of the kind {kind!r} is registered twice.")
    _registry[kind] = Kind(kind, label, pieces, pass_on, needs)


def kinds() -> list[Kind]:
    return list(_registry.values())


def of(officer: Any, within: Collection[int]) -> list[Pile]:
    """The piles that are not empty, of the work of these units."""
    units = set(within)
    piles = [
        Pile(kind, [piece for piece in kind.pieces(officer) if piece.unit_id in units])
        for kind in _registry.values()
    ]
    return [pile for pile in piles if pile.rows]

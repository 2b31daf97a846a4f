"""People move when a territory does. Who they are only a higher app knows: callbacks, set in its ``ready()``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Held:
    """So many people of one region are held by one police unit."""

    region: str
    unit_id: int
    people: int


@dataclass(frozen=True)
class Move:
    """So many people of a region go from one unit to another; ``to_id`` None: nobody would police it, they stay."""

    region: str
    from_id: int
    to_id: int | None
    people: int


@dataclass(frozen=True)
class Movers:
    """What the app of the people answers.

    ``census``: how many each police unit holds, by region, within ranges of codes (half-open); one query.
    ``move``: carry the moves out; returns the job that does it when there are many, else None.
    ``held_by``: how many a unit holds, of whatever region.
    """

    census: Callable[[Iterable[tuple[str, str]]], list[Held]]
    move: Callable[..., Any | None]
    held_by: Callable[[int], int]


_movers: list[Movers] = []


def register(movers: Movers) -> None:
    """Called once, from ``AppConfig.ready()`` of the app that holds the people."""
    _movers[:] = [movers]


def movers() -> Movers:
    return _movers[0]

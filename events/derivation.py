"""Which fact makes somebody present: a pure function over their scans, the same for the roll and for every device."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from events.choices import ScanKind, ScanState

PRESENCE = frozenset({ScanKind.PRESENT, ScanKind.WALK_IN})
VALID = frozenset({ScanState.ACCEPTED, ScanState.DUPLICATE})


class Fact(Protocol):
    """What the derivation reads of a scan."""

    pk: int
    kind: str
    state: str
    at: datetime
    device_id: UUID | None
    device_sequence: int | None
    undoes_id: int | None


F = TypeVar("F", bound=Fact)


def derive(scans: Iterable[F]) -> F | None:
    """The earliest valid fact of presence of one participant that nobody undid; None when there is none.

    Earliest by corrected time, then device, then its sequence, then id, so that every machine that holds the same facts
    names the same one, in whatever order and however often they arrived. A duplicate is a fact like the others: it wins
    when the one before it is undone. What needs review does not count, and an undone fact never comes back: whoever is
    there after all gets a new one.
    """
    return min(standing(scans), key=_place, default=None)


def standing(scans: Iterable[F]) -> list[F]:
    """The valid facts of presence that nobody undid."""
    facts = list(scans)
    undone = {fact.undoes_id for fact in facts if fact.kind == ScanKind.UNDO and fact.state in VALID}
    return [fact for fact in facts if fact.kind in PRESENCE and fact.state in VALID and fact.pk not in undone]


def _place(fact: Fact) -> tuple[datetime, str, int, int]:
    return fact.at, str(fact.device_id or ""), fact.device_sequence or 0, fact.pk

"""Which facts make somebody present, and which an agreement: pure functions over the facts about one person.

The roll, the door and every page ask here. Whatever order facts arrive in, and however often, the answer is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from events.choices import ReviewDecision, ScanKind, ScanState

PRESENCE = frozenset({ScanKind.PRESENT, ScanKind.WALK_IN})
VALID = frozenset({ScanState.ACCEPTED, ScanState.DUPLICATE})
UNDO_WITHIN = timedelta(minutes=15)


class Fact(Protocol):
    """What the derivation reads of a fact. ``decision`` is what a person said of one that needed a look, else empty;
    an undo names what it takes back by ``undoes_id``, or by ``undoes_uuid`` where that had not arrived."""

    @property
    def pk(self) -> int: ...
    @property
    def client_uuid(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def decision(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def device_id(self) -> UUID | None: ...
    @property
    def device_sequence(self) -> int | None: ...
    @property
    def undoes_id(self) -> int | None: ...
    @property
    def undoes_uuid(self) -> UUID | None: ...


F = TypeVar("F", bound=Fact)


def counts(fact: Fact) -> bool:
    """Accepted as it came, or looked at by a person who said that it counts."""
    return fact.state in VALID or fact.decision == ReviewDecision.COUNTED


def derive(facts: Iterable[F]) -> F | None:
    """The earliest fact of presence that counts and that nobody undid; None when there is none.

    Earliest by corrected time, then device, then its sequence, then id, so that every machine that holds the same facts
    names the same one. A duplicate is a fact like the others: it wins when the one before it is undone. An undone fact
    never comes back: whoever is there after all gets a new one.
    """
    found = standing(facts)
    return min(found, key=_place) if len(found) > 1 else next(iter(found), None)


def standing(facts: Iterable[F]) -> list[F]:
    """The facts of presence that count and that nobody undid.

    An undo takes back the one fact that it names and no other, also of the same phone: without network a phone may have
    noted as a guest who was not asked whom it then taps in its list. Whoever undoes two marks says so twice.
    """
    here, undos = [], []
    for fact in facts:
        if fact.kind in PRESENCE and counts(fact):
            here.append(fact)
        elif fact.kind == ScanKind.UNDO and counts(fact):
            undos.append(fact)
    return [fact for fact in here if not any(_names(undo, fact) for undo in undos)] if undos else here


def agreed(facts: Iterable[F]) -> F | None:
    """The earliest agreement of one person to one text that holds; None when there is none.

    Taking back wins over every agreement until then, on whichever phone it was given, and also where the one that it
    names does not count; who agrees again later, agrees.
    """
    known = list(facts)
    said = [fact for fact in known if fact.kind == ScanKind.PLEDGE]
    given = [fact for fact in said if counts(fact)]
    undos = [
        fact
        for fact in known
        if fact.kind == ScanKind.UNDO and counts(fact) and any(_names(fact, one) for one in said)
    ]
    left = [one for one in given if not any(_names(undo, one) or one.at <= undo.at for undo in undos)]
    return min(left, key=_place, default=None)


def is_late(undo_at: datetime, fact_at: datetime) -> bool:
    """Whether a mark was undone after the time in which it can be."""
    return undo_at - fact_at > UNDO_WITHIN


def _names(undo: Fact, fact: Fact) -> bool:
    return undo.undoes_id == fact.pk or (
        undo.undoes_uuid is not None and undo.undoes_uuid == fact.client_uuid
    )


def _place(fact: Fact) -> tuple[datetime, int, int, int]:
    device = fact.device_id.int if fact.device_id is not None else -1
    return fact.at, device, fact.device_sequence or 0, fact.pk

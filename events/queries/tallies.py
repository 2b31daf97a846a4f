"""The figures of an evening, in one query however many guests there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from events.choices import GUEST_KINDS, OFFICIAL_KINDS, Answer, ParticipantKind
from events.models import Event, Participant, Pledge

# Stands for the event in the statement that is kept.
_ANY_EVENT = -1
_INVITED = Q(invitation__isnull=False)
_HERE = Q(attendance__isnull=False)
_GUEST = Q(kind__in=GUEST_KINDS)
_WALK_IN = Q(kind=ParticipantKind.WALK_IN)


@dataclass(frozen=True)
class Tallies:
    """Guests are partners, their delegates and walk-ins; personnel and officials who are here stand apart.

    ``invited`` are those with an invitation, and ``confirmed``, ``declined``, ``represented``, ``awaiting`` what they
    answered. ``present`` counts guests, walk-ins among them; ``press`` those of them who are *Rekan media*. ``pledges``
    are guests with a pledge that stands.
    """

    invited: int = 0
    confirmed: int = 0
    declined: int = 0
    represented: int = 0
    awaiting: int = 0
    present: int = 0
    walk_in: int = 0
    press: int = 0
    personnel: int = 0
    officials: int = 0
    pledges: int = 0

    @property
    def came_invited(self) -> int:
        return self.present - self.walk_in

    @property
    def absent(self) -> int:
        """Those invited who are not here; a delegate stands for who sent them."""
        return max(self.invited - self.came_invited, 0)


_COUNTS: dict[str, Q | Exists] = {
    "invited": _INVITED,
    "confirmed": _INVITED & Q(invitation__answer=Answer.YES),
    "declined": _INVITED & Q(invitation__answer=Answer.NO),
    "represented": _INVITED & Q(invitation__answer=Answer.DELEGATE),
    "awaiting": _INVITED & Q(invitation__answer=Answer.NONE),
    "present": _GUEST & _HERE,
    "walk_in": _WALK_IN & _HERE,
    "press": _GUEST & _HERE & Q(is_press=True),
    "personnel": Q(kind=OFFICIAL_KINDS[0]) & _HERE,
    "officials": Q(kind=OFFICIAL_KINDS[1]) & _HERE,
    "pledges": Exists(Pledge.objects.filter(participant=OuterRef("pk"), withdrawn_at__isnull=True)),
}


def tallies_of(event: Event) -> Tallies:
    """The figures of one event. Asked after every tap, so the statement is put together once and only sent again."""
    statement, values = _statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, [event.pk if value == _ANY_EVENT else value for value in values])
        row = cursor.fetchone()
    return Tallies(*row[1:]) if row else Tallies()


def tallies_by_event(event_ids: Iterable[int]) -> dict[int, Tallies]:
    """The figures of several events, still in one query; an event without participants is left out."""
    return {row[0]: Tallies(*row[1:]) for row in _rows().filter(event__in=list(event_ids))}


def _rows() -> Any:
    """(event, the figures in the order of :class:`Tallies`) for each event."""
    counts = {name: Count("pk", filter=condition) for name, condition in _COUNTS.items()}
    return (
        Participant.objects.order_by().values("event_id").annotate(**counts).values_list("event_id", *_COUNTS)
    )


@cache
def _statement(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    return _rows().filter(event=_ANY_EVENT).query.sql_with_params()

"""Taking an event before anything about it is changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from events.models import Event, Participant

_TRIES = 5
_Result = TypeVar("_Result")


def insistently(attempt: Callable[[], _Result], lost: type[IntegrityError] = IntegrityError) -> _Result:
    """Once more when somebody else was quicker, who held nothing: the next try sees what they wrote.

    :param lost: how a try says that it came second; of the last one it is the caller's.
    """
    for _left in range(_TRIES - 1):
        try:
            return attempt()
        except lost:
            continue
    return attempt()


def alone() -> AbstractContextManager[None]:
    """Around one statement, which is a transaction of its own: inside another it fails without ending that one."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def hold_people(people: QuerySet[Participant]) -> None:
    """Hold rows of the list before the event is taken: a mark at the door takes them in this order, and two that took
    them in different ones would wait for each other."""
    list(people.order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def lock(event: Event) -> None:
    """Read the row again under lock, so that two officers cannot both act on what they saw before.

    The key is held too: a mark at the door that commits meanwhile points at the event, and waits for us.
    """
    event.refresh_from_db(from_queryset=Event.objects.select_for_update())


def lock_open(event: Event) -> None:
    """:func:`lock`, and refuse what a cancelled or reported event no longer takes (``event_closed``)."""
    lock(event)
    if not event.is_open:
        message = _("The event is %(state)s; nothing can be changed any more.")
        raise ValidationError(
            message, code="event_closed", params={"state": str(event.get_state_display()).lower()}
        )


def hold_contact(event: Event, contact: str) -> None:
    """Whoever else comes with this contact to this event waits until the transaction ends: there is no row to hold yet.

    Taken before anything else is held, and only one of them. On SQLite a writer is alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"walk_in {event.pk} {contact}"]
            )

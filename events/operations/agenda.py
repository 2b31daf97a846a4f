"""The order of the evening, written as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from audit.recording import record
from events.models import AgendaItem, Event
from events.operations.locking import lock_open


@transaction.atomic
def replace(*, event: Event, by: Any, items: Iterable[dict[str, Any]]) -> list[AgendaItem]:
    """Put these lines in the place of those that stand, in the order given.

    :param items: each with ``kind``, ``title`` and perhaps ``starts`` (a time of day at the place).
    :raises ValidationError: ``event_closed``, or a line that is not valid.
    """
    lock_open(event)
    lines = [
        AgendaItem(
            event=event, order=order, starts=item.get("starts"), kind=item["kind"], title=item["title"]
        )
        for order, item in enumerate(items, start=1)
    ]
    for line in lines:
        line.full_clean(exclude=["event"])
    AgendaItem.objects.filter(event=event).delete()
    AgendaItem.objects.bulk_create(lines)
    record(by=by, verb="agenda.replaced", obj=event, event=event.public_id)
    return lines

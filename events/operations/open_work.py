"""The events of an officer who was moved or switched off go to another one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from audit.recording import record
from events.queries.open_work import open_events_of


@transaction.atomic
def pass_on(*, officer: Any, to: Any, by: Any, within: Collection[int]) -> int:
    """Put ``to`` in charge of each open event that one of these units hosts. Where the officer was also the contact on
    the invitation, the new name takes the place of the old one, and the old one's phone is taken off. Returns how many
    events.
    """
    events = list(open_events_of(officer).filter(host_unit__in=within).select_for_update(of=("self",)))
    for event in events:
        fields = ["contact_officer"]
        event.contact_officer = to
        if event.contact_name and event.contact_name == officer.formal_name:
            event.contact_name, event.contact_phone = to.formal_name[:120], ""
            fields += ["contact_name", "contact_phone"]
        event.save(update_fields=fields)
        record(by=by, verb="event.handed_over", obj=event, event=event.public_id, fields=fields)
    return len(events)

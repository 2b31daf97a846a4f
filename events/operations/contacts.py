"""Looking at what a walk-in left."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from audit import recording
from events.models import Participant
from partners.operations.partners import Contact
from partners.opt_outs import phone_address
from partners.queries.opt_outs import is_opted_out


@transaction.atomic
def reveal_walk_in(*, participant: Participant, by: Any) -> Contact:
    """Phone or handle of a guest who is no partner; the look is on record before it is shown."""
    recording.record(
        by=by,
        verb="participant.contact_revealed",
        obj=participant,
        unit_id=participant.unit_id or participant.event.host_unit_id,
        event=participant.event.public_id,
        fields=["contact"],
    )
    is_phone = participant.contact.startswith("+")
    closed = is_phone and is_opted_out(phone_address(participant.contact))
    return Contact(
        phone=participant.contact if is_phone else "",
        email="",
        handles=[] if is_phone or not participant.contact else [("", participant.contact)],
        closed=frozenset({"phone"} if closed else ()),
    )

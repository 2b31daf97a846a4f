"""Looking at what a walk-in left."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from audit import recording
from events.models import Participant
from partners.choices import Platform
from partners.handles import HandleError, parse
from partners.operations.partners import Contact
from partners.opt_outs import Address, handle_address, phone_address
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
    contact = participant.contact
    is_phone = contact.startswith("+")
    address = _address(contact)
    is_closed = address is not None and is_opted_out(address)
    return Contact(
        phone=contact if is_phone else "",
        email="",
        handles=[] if is_phone or not contact else [("", contact)],
        closed=frozenset({"phone" if is_phone else contact} if is_closed else ()),
    )


def _address(contact: str) -> Address | None:
    """As it is read at the door: a number, else a handle, of Instagram unless it says otherwise; None for neither."""
    if contact.startswith("+"):
        return phone_address(contact)
    try:
        handle = parse(contact, Platform.INSTAGRAM)
    except HandleError:
        return None
    return handle_address(handle.platform, handle.key)

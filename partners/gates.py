"""Whether a message about a partner may still go, and who may open what was stored about one.

Registered in ``partners/apps.py``; asked by the outbox under lock at claim, and by the files at download.
"""

from __future__ import annotations

from typing import Any

from files.models import StoredFile
from outbox.models import Message
from partners.choices import Decision, Keep, Purpose
from partners.models import Partner
from partners.opt_outs import email_address
from partners.queries.consents import latest_by_purpose
from partners.queries.opt_outs import is_opted_out
from partners.queries.partners import partners_visible_to


def may_ask_for_consent(message: Message) -> str:
    """The one message that goes without consent, the first contact: to a person who has not answered yet, is not
    set aside, and still has the address that the officer was given."""
    subject = message.subject_public_id
    partner = Partner.objects.select_for_update().filter(public_id=subject).first() if subject else None
    if partner is None:
        return "erased"
    if partner.is_archived:
        return "archived"
    if partner.email != message.address:
        return "address_changed"
    if is_closed_to(partner, message):
        return "opted_out"
    if partner.keep == Keep.CONFIRMED:
        return "answered"
    latest = latest_by_purpose(partner)
    refused = [latest[purpose].decision for purpose in (Purpose.KEEP, Purpose.EMAIL) if purpose in latest]
    return "withdrawn" if Decision.WITHDRAWN in refused else ""


def is_closed_to(partner: Partner, message: Message) -> bool:
    """Whether the person, or whoever owns this address, asked not to be contacted: every gate about a person asks it.

    The address counts whatever unit queued the message and whoever wrote the wish down.
    """
    return partner.is_do_not_contact or is_opted_out(email_address(message.address))


def may_open_sheet(user: Any, stored: StoredFile) -> bool:
    """A photographed consent sheet: who sees the partner and records consents."""
    return (
        user.can("consent.record")
        and partners_visible_to(user).filter(public_id=stored.owner_public_id).exists()
    )

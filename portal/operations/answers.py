"""What a person does with their own link."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from outbox.operations import links
from partners.choices import ConsentChannel, ErasureReason
from partners.operations import consents, erasure
from portal.queries.people import Visitor


@transaction.atomic
def agree(*, visitor: Visitor, also: Collection[str], mark: str) -> None:
    """The person agrees to be kept, and to what they ticked besides; this confirms it.

    :raises ValidationError: those of :func:`partners.operations.consents.answer`.
    """
    consents.answer(
        partner=visitor.partner, agreed=True, also=also, channel=ConsentChannel.LINK, by=None, mark=mark
    )
    links.note_use(link=visitor.link)


@transaction.atomic
def leave(*, visitor: Visitor) -> None:
    """The person has everything about them erased, now. The link dies with it."""
    links.note_use(link=visitor.link)
    erasure.erase(partner=visitor.partner, by=None, reason=ErasureReason.ASKED)

"""Queueing messages, and emptying those about a person who is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Unit
from audit import recording
from outbox.choices import Channel, MessageState
from outbox.models import Link, Message

OPEN_STATES = [MessageState.QUEUED, MessageState.CLAIMED]


@transaction.atomic
def enqueue(
    *,
    dedupe_key: str,
    purpose: str,
    unit: Unit,
    address: str,
    title: str,
    body: str,
    by: Any | None,
    subject: UUID | None = None,
    link: Link | None = None,
    channel: str = Channel.EMAIL,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Message:
    """Queue one message to one recipient, in the transaction of the fact that it tells.

    The same ``dedupe_key`` never makes a second message: the one that exists is returned, whatever became of it.

    :param body: plain text; ``{link}`` in it becomes the address of ``link`` at sending.
    :param expires_at: when it is too late to send it.
    """
    try:
        with transaction.atomic():
            message = Message.objects.create(
                dedupe_key=dedupe_key,
                purpose=purpose,
                channel=channel,
                unit=unit,
                subject_public_id=subject,
                address=address,
                title=title,
                body=body,
                link=link,
                by_id=getattr(by, "pk", None),
                due_at=due_at or timezone.now(),
                expires_at=expires_at,
            )
    except IntegrityError:
        return Message.objects.get(dedupe_key=dedupe_key)
    recording.record(by=by, verb="message.queued", obj=message, subject=subject, fields=[purpose, channel])
    return message


@transaction.atomic
def erase_subject(*, subject: UUID) -> int:
    """Empty address and words of every message about a person; what has not left yet never does."""
    now = timezone.now()
    about = Message.objects.filter(subject_public_id=subject)
    about.filter(state=MessageState.QUEUED).update(state=MessageState.SUPPRESSED, ended_at=now, note="erased")
    return about.update(address="", title="", body="")


def hold(*, subject: UUID) -> None:
    """Wait until no sender has a message about a person in hand, and keep the others away until the transaction ends.

    Called before the person's own row is locked: a sender locks the message first and then the person, and two who
    lock in opposite orders stop each other.
    """
    list(
        Message.objects.select_for_update().filter(subject_public_id=subject).order_by("pk").values_list("pk")
    )

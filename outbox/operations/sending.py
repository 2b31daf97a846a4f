"""The sweep that sends what is due: claim one row, ask its gate, send, settle.

Nothing is sent twice on a guess. A message whose fate is not known (the line broke while it was handed over, or its
sender died) becomes *unknown* and stays so.
"""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from audit import recording
from outbox import gates
from outbox.choices import MessageState
from outbox.links import address_of
from outbox.models import Message

log = logging.getLogger(__name__)

BATCH = 100
# A claim older than this belongs to a sender who died.
STALE_AFTER = timedelta(minutes=10)
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt; ``retry`` leaves the message queued for a later one."""

    state: str
    note: str = ""
    retry: bool = False


def send_due() -> int:
    """Send what is due over one connection; returns how many went out. Several sweeps at once share the work.

    When the mail server does not answer, nothing is claimed and everything stays queued.
    """
    now = timezone.now()
    _settle_stale(now)
    _settle_missed(now)
    due = list(_due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
    connection = _open() if due else None
    if connection is None:
        return 0
    sent = 0
    try:
        for pk in due:
            message = claim(pk)
            if message is None:
                continue
            outcome = _deliver(message, connection)
            _settle(message, outcome)
            sent += outcome.state == MessageState.SENT
            if outcome.state != MessageState.SENT and not _reopen(connection):
                break
    finally:
        _close(connection)
    return sent


@transaction.atomic
def claim(pk: int) -> Message | None:
    """Take one queued message for sending, or None: another sweep has it or has put it off, or its gate is shut (then
    it is suppressed).

    The gate is asked in this transaction, so that a consent withdrawn before it is seen, and one withdrawn after it
    came too late.
    """
    rows = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("link")
    message = rows.filter(pk=pk, state=MessageState.QUEUED, due_at__lte=timezone.now()).first()
    if message is None:
        return None
    reason = _shut(message)
    if reason:
        _end(message, MessageState.SUPPRESSED, note=reason)
        return None
    now = timezone.now()
    mine = Message.objects.filter(pk=pk, state=MessageState.QUEUED).update(
        state=MessageState.CLAIMED, claimed_at=now, attempts=message.attempts + 1
    )
    if not mine:
        return None
    message.state, message.claimed_at, message.attempts = MessageState.CLAIMED, now, message.attempts + 1
    return message


def _shut(message: Message) -> str:
    link = message.link
    if link is not None and (link.revoked_at is not None or link.expires_at <= timezone.now()):
        return "link_revoked"
    return gates.verdict(message)


def _due(now: datetime) -> Any:
    return Message.objects.filter(state=MessageState.QUEUED, due_at__lte=now)


def _settle_stale(now: datetime) -> None:
    for message in Message.objects.filter(state=MessageState.CLAIMED, claimed_at__lt=now - STALE_AFTER)[
        :BATCH
    ]:
        _settle(message, Outcome(MessageState.UNKNOWN, "sender_died"))


def _settle_missed(now: datetime) -> None:
    for message in Message.objects.filter(state=MessageState.QUEUED, expires_at__lte=now)[:BATCH]:
        _settle(message, Outcome(MessageState.MISSED))


@transaction.atomic
def _settle(message: Message, outcome: Outcome) -> None:
    """Write what became of it, unless somebody else did since."""
    if not outcome.retry:
        _end(message, outcome.state, note=outcome.note)
        return
    if message.attempts > len(RETRY_AFTER):
        _end(message, MessageState.FAILED, note=outcome.note)
        return
    Message.objects.filter(pk=message.pk, state=message.state, claimed_at=message.claimed_at).update(
        state=MessageState.QUEUED,
        claimed_at=None,
        due_at=timezone.now() + RETRY_AFTER[message.attempts - 1],
        note=outcome.note,
    )


def _end(message: Message, state: str, *, note: str) -> None:
    ended = Message.objects.filter(pk=message.pk, state=message.state, claimed_at=message.claimed_at).update(
        state=state, ended_at=timezone.now(), note=note
    )
    if ended:
        recording.record(
            by=None,
            verb=f"message.{state}",
            obj=message,
            subject=message.subject_public_id,
            fields=[message.purpose],
        )


def _deliver(message: Message, connection: Any) -> Outcome:
    """Hand one message to the mail server and read its answer. Codes are kept, words and addresses are not."""
    try:
        connection.send_messages([_email(message)])
    except smtplib.SMTPRecipientsRefused as error:
        return _by_code(next(iter(error.recipients.values()))[0])
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        # The line broke: the server may have taken the message all the same.
        return Outcome(MessageState.UNKNOWN, type(error).__name__)
    except Exception as error:
        # Not an answer of the server: this message cannot be written as an e-mail at all.
        log.warning("message %s cannot be sent: %s", message.public_id, type(error).__name__)
        return Outcome(MessageState.FAILED, type(error).__name__)
    return Outcome(MessageState.SENT)


def _by_code(code: int) -> Outcome:
    """4xx is "later", all else "never" (RFC 5321, 4.2.1)."""
    if 400 <= code < 500:
        return Outcome(MessageState.QUEUED, f"smtp_{code}", retry=True)
    return Outcome(MessageState.FAILED, f"smtp_{code}")


def _email(message: Message) -> EmailMessage:
    body = message.body.replace("{link}", address_of(message.link)) if message.link else message.body
    domain = (
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or urlsplit(settings.SITE_URL).hostname
    )
    return EmailMessage(
        subject=message.title,
        body=body,
        to=[message.address],
        # The same message has the same id, should it ever arrive twice.
        headers={"Message-ID": f"<{message.public_id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def _open() -> Any | None:
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server does not answer: %s", type(error).__name__)
        return None
    return connection


def _reopen(connection: Any) -> bool:
    """After a refusal the line may be in any state: a fresh one for the next message."""
    _close(connection)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server does not answer: %s", type(error).__name__)
        return False
    return True


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        log.info("the mail server was gone before the line was closed")

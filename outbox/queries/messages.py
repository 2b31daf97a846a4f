"""Reads of messages."""

from __future__ import annotations

from outbox.models import Message


def message_by_key(dedupe_key: str) -> Message | None:
    return Message.objects.filter(dedupe_key=dedupe_key).first()

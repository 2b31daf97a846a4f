"""Messages that leave the database."""

import uuid

from django.db import models

from accounts.models import Unit
from outbox.choices import Channel, MessageState
from outbox.models.link import Link


class Message(models.Model):
    """One row per recipient and channel, written in the transaction of the fact. The body holds no link: it is
    rendered at sending from ``link``, where the text says ``{link}``."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dedupe_key = models.CharField(max_length=120, unique=True)
    purpose = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    subject_public_id = models.UUIDField(null=True, blank=True, db_index=True)
    address = models.CharField(max_length=254)
    title = models.CharField(max_length=160)
    body = models.TextField(max_length=5000)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    by_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="queued"), name="outbox_due"),
            models.Index(fields=["claimed_at"], condition=models.Q(state="claimed"), name="outbox_claimed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=MessageState.values), name="message_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="message_channel_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "claimed"], ended_at__isnull=True)
                | models.Q(
                    state__in=["sent", "failed", "unknown", "suppressed", "missed"], ended_at__isnull=False
                ),
                name="message_ended_when_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel} {self.state}"

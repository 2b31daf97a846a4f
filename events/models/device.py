"""Phones and tablets at the door."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.choices import DeviceKind
from events.models.event import Event


class Device(models.Model):
    """One phone at the door of one event. It speaks with a token of its own, never with the session of an officer.

    ``officer_id`` answers for it: who registered the phone, or who made the link for a helper. Without ``token_hash``
    the one-time link has not been opened yet. What a revoked or ended device still sends is kept, to be looked at.
    ``waiting`` is what it said at its last call: facts that it holds and has not sent.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="devices")
    kind = models.CharField(_("kind"), max_length=8, choices=DeviceKind)
    label = models.CharField(_("name of the phone"), max_length=40)
    officer_id = models.BigIntegerField()
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by_id = models.BigIntegerField(null=True, blank=True)
    prepared_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    waiting = models.PositiveIntegerField(default=0)
    last_sequence = models.PositiveIntegerField(default=0)
    clock_offset_ms = models.BigIntegerField(null=True, blank=True)
    client_version = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "label"], name="device_label_once"),
            models.CheckConstraint(condition=models.Q(kind__in=DeviceKind.values), name="device_kind_known"),
            models.CheckConstraint(
                condition=models.Q(token_hash__isnull=True, registered_at__isnull=True)
                | models.Q(token_hash__isnull=False, registered_at__isnull=False),
                name="device_registered_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by_id__isnull=True)
                | models.Q(revoked_at__isnull=False),
                name="device_revoked_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.label

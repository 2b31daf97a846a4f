"""Komitmen bersama: the text, its numbered points, and who agreed to it. Voluntary, withdrawable, never a condition."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.choices import PledgeChannel


class PledgeText(models.Model):
    """One version of a text; a version that has been pledged is never edited."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    preamble = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="pledge_text_once")]

    def __str__(self) -> str:
        return f"{self.title} (v{self.version})"


class PledgePoint(models.Model):
    text = models.ForeignKey(PledgeText, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField()
    body = models.CharField(max_length=400)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="pledge_point_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.body}"


class Pledge(models.Model):
    """That one participant agreed to one text; withdrawn without a reason."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participant = models.ForeignKey("events.Participant", on_delete=models.CASCADE, related_name="pledges")
    text = models.ForeignKey(PledgeText, on_delete=models.PROTECT, related_name="pledges")
    channel = models.CharField(max_length=6, choices=PledgeChannel)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "text"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="pledge_once",
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=PledgeChannel.values), name="pledge_channel_known"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(withdrawn_at__gte=models.F("at")),
                name="pledge_withdrawn_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} → {self.text_id}"

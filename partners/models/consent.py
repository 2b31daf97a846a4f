"""What a person allowed, as versioned facts that are never edited."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models import AppendOnlyModel
from files.models import StoredFile
from partners.choices import CONFIRMING_CHANNELS, ConsentChannel, Decision, Purpose
from partners.models.partner import Partner


class ConsentText(models.Model):
    """The words that a person agrees to, by purpose and version. In force is the last one whose first day has come.

    ``published_by_id`` is empty for those that come with the program.
    """

    purpose = models.CharField(max_length=12, choices=Purpose)
    version = models.PositiveSmallIntegerField()
    body = models.TextField(max_length=2000)
    valid_from = models.DateField()
    published_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="consent_text_once"),
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values), name="consent_text_purpose_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"


class Consent(AppendOnlyModel):
    """One decision; the latest per purpose rules. Rows are only added, and go only when the person is erased."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(_("how"), max_length=8, choices=ConsentChannel)
    evidence = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["partner", "purpose", "-at", "-id"], name="consent_latest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values), name="consent_purpose_known"
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=Decision.values), name="consent_decision_known"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=ConsentChannel.values), name="consent_channel_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(channel="paper") | models.Q(evidence__isnull=False),
                name="consent_paper_has_photo",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.decision}"

    @property
    def is_confirmed(self) -> bool:
        """Whether the person themselves confirmed it; an officer's tick is *belum dikonfirmasi*."""
        return self.channel in CONFIRMING_CHANNELS

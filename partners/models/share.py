"""A partner made visible to another unit, by the person's consent."""

import uuid

from django.db import models

from accounts.models import Unit
from partners.models.consent import Consent
from partners.models.partner import Partner


class Share(models.Model):
    """Live while ``ended_at`` is empty."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="shares")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "unit"], condition=models.Q(ended_at__isnull=True), name="share_live_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} → {self.unit_id}"

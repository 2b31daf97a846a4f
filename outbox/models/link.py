"""Links that let a person without an account do one thing."""

import uuid

from django.db import models


class Link(models.Model):
    """One purpose for one target. Only the hash of the token is stored; raising ``version`` revokes the link before."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=40)
    target_public_id = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "target_public_id", "version"], name="link_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"

"""Private stored files: evidence, photographed sheets. They are served only through a scope check."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A file in private storage; ``purpose`` names the check that decides who may download it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=40)
    owner_public_id = models.UUIDField(db_index=True)
    file = models.FileField(_("file"), max_length=200)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    unit_id = models.BigIntegerField()
    stored_by_id = models.BigIntegerField(null=True, blank=True)
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

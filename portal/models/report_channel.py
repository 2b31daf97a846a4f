"""Kanal aduan: the official public channels for harmful content. Rembuk itself takes no report of anybody."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportChannel(models.Model):
    """Shown on the public information page while it is active; ``checked_on`` says when somebody last tried it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=80)
    owner = models.CharField(_("run by"), max_length=120)
    use_for = models.CharField(_("what for"), max_length=300)
    url = models.URLField(_("address"), max_length=200, blank=True)
    contact = models.CharField(_("contact"), max_length=160, blank=True)
    checked_on = models.DateField(_("last checked"), null=True, blank=True)
    is_active = models.BooleanField(_("shown"), default=True)
    # Set when an administrator changed the row: from then on the files of the program leave it alone.
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

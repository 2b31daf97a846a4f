"""Appeals to the public and internal sessions: never an event, and without a list of who attended."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from events.choices import ActingPrefix, OutreachChannel, OutreachKind
from events.models.program import Program
from regions.models import Region


class Outreach(models.Model):
    """``held_on`` is empty where the date is not known. The issuer is an official speaking in office."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=OutreachKind)
    title = models.CharField(_("title"), max_length=160)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, null=True, blank=True, related_name="outreaches"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    issuer_rank = models.CharField(_("rank of the issuer"), max_length=20, blank=True)
    issuer_name = models.CharField(_("issuer"), max_length=120)
    issuer_acting_prefix = models.CharField(_("acting"), max_length=4, choices=ActingPrefix, blank=True)
    issuer_position = models.CharField(_("position of the issuer"), max_length=100, blank=True)
    issuer_institution = models.CharField(_("institution of the issuer"), max_length=120, blank=True)
    channel = models.CharField(_("channel"), max_length=12, choices=OutreachChannel)
    audience = models.CharField(_("audience"), max_length=160)
    message = models.TextField(_("message"), max_length=2000)
    held_on = models.DateField(_("date"), null=True, blank=True)
    head_count = models.PositiveIntegerField(_("how many came"), null=True, blank=True)
    link = models.URLField(_("link"), max_length=300, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["unit", "-held_on"], name="outreach_by_unit")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=OutreachKind.values), name="outreach_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=OutreachChannel.values), name="outreach_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

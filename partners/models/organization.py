"""Media houses, associations and communities, and the positions that people hold in them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Unit
from partners.choices import OrganizationKind
from partners.models.partner import Partner
from regions.fields import CodeField
from regions.models import Region


class Organization(models.Model):
    """A body, never a person: phone and e-mail are those of its office. Set aside while ``archived_at`` stands."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganizationKind)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    phone = PhoneNumberField(_("phone of the office"), blank=True, default="")
    email = models.EmailField(_("e-mail of the office"), blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by_id = models.BigIntegerField(null=True, blank=True)
    search_key = models.CharField(max_length=500, editable=False, default="")
    sort_key = CodeField(max_length=160, editable=False, default="")

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["unit", "sort_key", "id"], name="organization_by_unit")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="organization_has_name"),
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganizationKind.values), name="organization_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(archived_at__isnull=False) | models.Q(archived_by_id__isnull=True),
                name="organization_archived_when",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class Affiliation(models.Model):
    """That a person holds, or held until ``ended_on``, a position in an organisation."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="affiliations")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="affiliations")
    position = models.CharField(_("position"), max_length=100, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["organization", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "partner"],
                condition=models.Q(ended_on__isnull=True),
                name="affiliation_live_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} @ {self.organization_id}"

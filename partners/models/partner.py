"""The person whom an office speaks with."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Unit
from partners.choices import Keep, LawfulBasis, PartnerKind, PartnerStatus, Source
from regions.fields import CodeField
from regions.models import Region


class Partner(models.Model):
    """One person with one full name, never split; titles stand apart. Phone and handle are never unique (households
    share them, and uniqueness would reveal other territories)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    full_name = models.CharField(_("full name"), max_length=120)
    title_before = models.CharField(_("title before the name"), max_length=40, blank=True)
    title_after = models.CharField(_("title after the name"), max_length=60, blank=True)
    stage_name = models.CharField(_("stage name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PartnerKind)
    phone = PhoneNumberField(_("mobile phone"), blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    status = models.CharField(
        _("status"), max_length=12, choices=PartnerStatus, default=PartnerStatus.PROSPECTIVE
    )
    keep = models.CharField(_("consent"), max_length=12, choices=Keep, default=Keep.NONE, editable=False)
    source = models.CharField(_("source of the data"), max_length=20, choices=Source)
    lawful_basis = models.CharField(max_length=12, choices=LawfulBasis, default=LawfulBasis.PUBLIC_TASK)
    decide_by = models.DateField(_("decide by"), null=True, blank=True)
    last_attended_on = models.DateField(_("last attended"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by_id = models.BigIntegerField(null=True, blank=True)
    do_not_contact_at = models.DateTimeField(_("do not contact"), null=True, blank=True)
    do_not_contact_by_id = models.BigIntegerField(null=True, blank=True)
    # Normalised, for searching (name, stage name, handles; each word led by a space) and for ordering (the name).
    search_key = models.TextField(editable=False, default="")
    sort_key = CodeField(max_length=120, editable=False, default="")

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["unit", "sort_key", "id"], name="partner_by_unit"),
            models.Index(fields=["sort_key", "id"], name="partner_by_name"),
            models.Index(fields=["region", "sort_key", "id"], name="partner_by_region"),
            models.Index(fields=["kind", "sort_key", "id"], name="partner_by_kind"),
            models.Index(fields=["phone"], condition=~models.Q(phone=""), name="partner_by_phone"),
            models.Index(
                fields=["decide_by"], condition=models.Q(decide_by__isnull=False), name="partner_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(full_name=""), name="partner_has_name"),
            models.CheckConstraint(
                condition=models.Q(kind__in=PartnerKind.values), name="partner_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=PartnerStatus.values), name="partner_status_known"
            ),
            models.CheckConstraint(condition=models.Q(keep__in=Keep.values), name="partner_keep_known"),
            models.CheckConstraint(condition=models.Q(source__in=Source.values), name="partner_source_known"),
            models.CheckConstraint(
                condition=models.Q(lawful_basis__in=LawfulBasis.values), name="partner_basis_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="archived", archived_at__isnull=False)
                | (
                    ~models.Q(status="archived")
                    & models.Q(archived_at__isnull=True, archived_by_id__isnull=True)
                ),
                name="partner_archived_when",
            ),
            models.CheckConstraint(
                condition=models.Q(do_not_contact_at__isnull=False)
                | models.Q(do_not_contact_by_id__isnull=True),
                name="partner_do_not_contact_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="active") | ~models.Q(keep="none"),
                name="partner_active_has_consent",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="prospective") | models.Q(keep="none", decide_by__isnull=False),
                name="partner_prospective_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def titled_name(self) -> str:
        """The name with its titles, as on an invitation: "Dr. Siti Aminah, S.Sos."."""
        return titled(self.full_name, self.title_before, self.title_after)

    @property
    def is_journalist(self) -> bool:
        return self.kind == PartnerKind.JOURNALIST

    @property
    def is_prospective(self) -> bool:
        return self.status == PartnerStatus.PROSPECTIVE

    @property
    def is_do_not_contact(self) -> bool:
        """The person asked not to be contacted; only they lift it."""
        return self.do_not_contact_at is not None

    @property
    def is_archived(self) -> bool:
        return self.status == PartnerStatus.ARCHIVED


def titled(full_name: str, title_before: str, title_after: str) -> str:
    before = f"{title_before} " if title_before else ""
    after = f", {title_after}" if title_after else ""
    return f"{before}{full_name}{after}"

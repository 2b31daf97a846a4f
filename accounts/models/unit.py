"""Units and the territory that each polices."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import JurisdictionMode, UnitKind
from regions.choices import Zone
from regions.models import Region


class Unit(models.Model):
    """A police unit (Mabes → Polda → Polres) or a government agency; there are several roots.

    ``letterhead`` holds the lines at the head of its papers. With ``needs_approval`` a leader approves each event that
    the unit hosts before it is published.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    seat = models.CharField(_("seat"), max_length=60, blank=True)
    timezone = models.CharField(_("time zone"), max_length=20, choices=Zone)
    head_title = models.CharField(_("title of its head"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    letterhead = models.TextField(_("letterhead"), max_length=400, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    needs_approval = models.BooleanField(_("a leader approves its events"), default=False)
    # Set when an administrator changed the row: from then on the files of the program leave it alone.
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=UnitKind.values), name="unit_kind_known")
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_police(self) -> bool:
        return self.kind != UnitKind.AGENCY


class Jurisdiction(models.Model):
    """A region that a unit polices, or one taken away from it, for a span of days (``valid_to`` is the last day)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="jurisdictions")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=7, choices=JurisdictionMode)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=250, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["unit", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "region", "mode", "valid_from"], name="jurisdiction_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "region", "mode"],
                condition=models.Q(valid_from__isnull=True),
                name="jurisdiction_once_without_start",
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=JurisdictionMode.values), name="jurisdiction_mode_known"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="jurisdiction_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.mode} {self.region_id}"


class Rank(models.Model):
    """A police rank as it is written: name and abbreviation, highest ``order`` first."""

    abbreviation = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    group = models.CharField(max_length=30)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-order"]

    def __str__(self) -> str:
        return self.abbreviation

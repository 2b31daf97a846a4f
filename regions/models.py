"""Provinces, regencies and districts by Kemendagri code, and the source that they come from."""

from django.db import models

from regions.choices import RegionLevel, Zone
from regions.fields import CodeField


class Region(models.Model):
    """A region by its dotted Kemendagri code, such as 64 · 64.07 · 64.07.07 (BPS numbers differ)."""

    code = CodeField(max_length=8, primary_key=True)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=10, choices=RegionLevel)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    timezone = models.CharField(max_length=20, choices=Zone)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=RegionLevel.values), name="region_level_known"
            ),
            models.CheckConstraint(
                condition=models.Q(level="province", parent__isnull=True)
                | models.Q(level__in=["regency", "district"], parent__isnull=False),
                name="region_parent_by_level",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def range(self) -> tuple[str, str]:
        """Half-open range of codes that holds this region and all below it: ``gte range[0], lt range[1]``."""
        return self.code, f"{self.code}/"

    @property
    def prefixes(self) -> list[str]:
        """The codes of this region and of those above it, shortest first: ["64", "64.07", "64.07.07"]."""
        parts = self.code.split(".")
        return [".".join(parts[: n + 1]) for n in range(len(parts))]


class DataSource(models.Model):
    """Where a piece of reference data comes from, shown on the page about the data."""

    key = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    source = models.TextField()
    licence = models.CharField(max_length=120)
    dated = models.CharField(max_length=40)
    rows = models.PositiveIntegerField(default=0)
    checksum = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name

"""Election calendars: data that later decides when an event needs its neutrality checklist."""

import uuid

from django.db import models

from regions.models import Region


class Election(models.Model):
    """The calendar of one election; ``region`` is empty for a national one. Dates are whole days of the place."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    candidates_fixed_on = models.DateField()
    campaign_from = models.DateField()
    campaign_to = models.DateField()
    quiet_from = models.DateField()
    quiet_to = models.DateField()
    voting_on = models.DateField()
    result_on = models.DateField(null=True, blank=True)
    checked = models.CharField(max_length=120, blank=True)
    # Set when an administrator changed the row: from then on the files of the program leave it alone.
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["voting_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    campaign_from__gte=models.F("candidates_fixed_on"),
                    campaign_to__gte=models.F("campaign_from"),
                    quiet_from__gt=models.F("campaign_to"),
                    quiet_to__gte=models.F("quiet_from"),
                    voting_on__gt=models.F("quiet_to"),
                ),
                name="election_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name

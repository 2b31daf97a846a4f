"""Figures of the first screen, counted by the sweep. Derived: whatever stands here can be counted anew.

Each row belongs to a unit, so that a reader's figures are the sum over the units in their scope and nothing else.
"""

from __future__ import annotations

from django.db import models

from accounts.models import Unit
from events.models import Event, Program
from regions.models import Region


class PartnerTally(models.Model):
    """How many partners a unit holds in a region, as finely as the registry names it (district, else regency).

    ``due`` counts the prospective partners whose record ends within a week unless they decide.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    confirmed = models.PositiveIntegerField(default=0)
    unconfirmed = models.PositiveIntegerField(default=0)
    prospective = models.PositiveIntegerField(default=0)
    due = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "region"], name="partner_tally_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.region_id}"


class StopTally(models.Model):
    """What a unit took part in (as host, co-host or invited) in a region: the last event held, the next planned.

    By programme; ``program`` is empty for events that belong to none. The latest over the units of a scope is the
    latest of what that scope sees.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    held = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    planned = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "region", "unit"], name="stop_tally_once"),
            models.UniqueConstraint(
                fields=["region", "unit"],
                condition=models.Q(program__isnull=True),
                name="stop_tally_once_without_program",
            ),
            models.CheckConstraint(
                condition=models.Q(held__isnull=False) | models.Q(planned__isnull=False),
                name="stop_tally_holds_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.region_id} {self.unit_id}"


class EventTally(models.Model):
    """The sums of one event: invitations, those of them without an answer, guests who came, pledges that stand."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="tally")
    invited = models.PositiveIntegerField(default=0)
    awaiting = models.PositiveIntegerField(default=0)
    guests = models.PositiveIntegerField(default=0)
    pledges = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(awaiting__lte=models.F("invited")), name="event_tally_awaits_invited"
            )
        ]

    def __str__(self) -> str:
        return f"tally of {self.event_id}"


class TallyClock(models.Model):
    """The one row that says as of when the figures are right; whoever counts holds it.

    ``seen_entry`` is the line of the audit up to which every change is in the figures.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_at = models.DateTimeField(null=True, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    seen_entry = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="tally_clock_only_one")]

    def __str__(self) -> str:
        return f"{self.counted_at}"

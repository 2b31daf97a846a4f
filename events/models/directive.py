"""Arahan: what a coordination meeting tells units to do, and what each of them reported."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from events.choices import DirectiveState
from events.models.event import Event
from files.models import StoredFile


class Directive(models.Model):
    """One numbered line of the meeting's outcome, for one or more owner units."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="directives")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("directive"), max_length=400)
    due_on = models.DateField(_("due"))
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="directive_number_once")]

    def __str__(self) -> str:
        return self.text

    @property
    def unit_id(self) -> int:
        """The unit in whose audit the directive stands."""
        return self.event.host_unit_id


class DirectiveUnit(models.Model):
    """What one owner unit reported on one directive, with its evidence."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="owners")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=DirectiveState, default=DirectiveState.OPEN)
    report = models.CharField(_("what was done"), max_length=500, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by_id = models.BigIntegerField(null=True, blank=True)
    evidence_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence_url = models.URLField(_("link to the evidence"), max_length=300, blank=True)

    class Meta:
        ordering = ["unit__code"]
        indexes = [models.Index(fields=["unit", "state"], name="directive_by_unit")]
        constraints = [
            models.UniqueConstraint(fields=["directive", "unit"], name="directive_unit_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=DirectiveState.values), name="directive_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", reported_at__isnull=True, reported_by_id__isnull=True)
                | (models.Q(state="reported", reported_at__isnull=False) & ~models.Q(report="")),
                name="directive_reported_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="reported")
                | models.Q(evidence_file__isnull=False)
                | ~models.Q(evidence_url=""),
                name="directive_reported_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directive_id} {self.unit_id} {self.state}"

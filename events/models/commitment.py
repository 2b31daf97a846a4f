"""Janji kami: what the institution promised at an event. Only this can be overdue."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from events.choices import CommitmentState
from events.models.event import Event
from files.models import StoredFile


class Commitment(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="commitments")
    text = models.CharField(_("what we promised"), max_length=300)
    owner_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit in charge")
    )
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=8, choices=CommitmentState, default=CommitmentState.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by_id = models.BigIntegerField(null=True, blank=True)
    evidence_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence_url = models.URLField(_("link to the evidence"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["owner_unit", "state", "due_on"], name="commitment_by_unit")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CommitmentState.values), name="commitment_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at__isnull=True, done_by_id__isnull=True)),
                name="commitment_done_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done")
                | models.Q(evidence_file__isnull=False)
                | ~models.Q(evidence_url=""),
                name="commitment_done_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def unit_id(self) -> int:
        """The unit in whose audit the commitment stands."""
        return self.owner_unit_id

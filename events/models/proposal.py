"""Minta usulan: the host asks a unit for some guests by a date; the unit proposes from its own list."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from events.choices import ProposalState, ReturnedFor
from events.models.event import Event
from partners.models import Partner


class ProposalRequest(models.Model):
    """One for each unit that takes part; closed by the host, or with the event."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="proposal_requests")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    wanted = models.PositiveSmallIntegerField(_("how many"))
    due_on = models.DateField(_("by"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["unit", "closed_at", "due_on"], name="proposal_request_by_unit")]
        constraints = [
            models.UniqueConstraint(fields=["event", "unit"], name="proposal_request_once"),
            models.CheckConstraint(condition=models.Q(wanted__gte=1), name="proposal_request_wants_some"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.wanted}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Proposal(models.Model):
    """One person proposed. Before it is taken only the host and the proposing unit see it; it goes with the person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(ProposalRequest, on_delete=models.CASCADE, related_name="proposals")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.PROPOSED)
    returned_for = models.CharField(_("returned for"), max_length=10, choices=ReturnedFor, blank=True)
    proposed_at = models.DateTimeField(auto_now_add=True)
    proposed_by_id = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "partner"], name="proposal_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=ProposalState.values), name="proposal_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="returned", returned_for__in=ReturnedFor.values)
                | (~models.Q(state="returned") & models.Q(returned_for="")),
                name="proposal_returned_for",
            ),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at__isnull=True, decided_by_id__isnull=True)
                | (~models.Q(state="proposed") & models.Q(decided_at__isnull=False)),
                name="proposal_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"

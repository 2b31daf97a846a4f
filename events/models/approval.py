"""What must be said before an event is published: a leader's approval, and the neutrality checklist in an election."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Election
from events.choices import ApprovalState
from events.models.event import Event


class Approval(models.Model):
    """One submission of an event to a leader. A returned one stays as a record, and the next is a new row."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="approvals")
    state = models.CharField(max_length=8, choices=ApprovalState, default=ApprovalState.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(_("what to mend"), max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=models.Q(state="waiting"), name="approval_one_waiting"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ApprovalState.values), name="approval_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_at__isnull=True, decided_by_id__isnull=True)
                | (~models.Q(state="waiting") & models.Q(decided_at__isnull=False)),
                name="approval_decided_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="returned") | ~models.Q(note=""), name="approval_returned_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.state}"


class NeutralityCheck(models.Model):
    """That an officer went through every point of the neutrality checklist for an event in an election's window."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="neutrality_checks")
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="+")
    list_version = models.PositiveSmallIntegerField(default=1)
    checked_at = models.DateTimeField(auto_now_add=True)
    checked_by_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "election"], name="neutrality_check_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.election_id}"

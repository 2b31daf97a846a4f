"""Facts from the roll and the door, and the attendance derived from them."""

import uuid
from typing import ClassVar

from django.db import models

from audit.models import AppendOnlyModel, AppendOnlyQuerySet
from events.choices import ReviewDecision, ReviewReason, ScanKind, ScanSource, ScanState
from events.models.event import Event
from events.models.participant import Participant
from events.models.pledge import PledgeText


class Scan(AppendOnlyModel):
    """One fact, never changed. ``client_uuid`` makes resending harmless; ``at`` is the corrected time of the act."""

    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, related_name="scans")
    # Empty only where nobody could be found: the fact is kept all the same, to be looked at.
    participant = models.ForeignKey(
        Participant, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="scans", db_index=False
    )
    kind = models.CharField(max_length=8, choices=ScanKind)
    source = models.CharField(max_length=5, choices=ScanSource)
    state = models.CharField(max_length=12, choices=ScanState, default=ScanState.ACCEPTED)
    review_reason = models.CharField(max_length=10, choices=ReviewReason, blank=True)
    undoes = models.ForeignKey(
        "self", on_delete=models.DO_NOTHING, null=True, blank=True, related_name="undone_by", db_index=False
    )
    # What an undo takes back that has not arrived (yet): the sender's name for it.
    undoes_uuid = models.UUIDField(null=True, blank=True)
    pledge_text = models.ForeignKey(
        PledgeText, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    by_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    device_id = models.UUIDField(null=True, blank=True)
    device_sequence = models.PositiveIntegerField(null=True, blank=True)
    device_at = models.DateTimeField(null=True, blank=True)
    clock_offset_ms = models.IntegerField(null=True, blank=True)

    # Said once more for the type checker, which takes the inherited manager for one of the abstract class.
    objects: ClassVar[models.Manager["Scan"]] = AppendOnlyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            # A night's marks come by the thousand: no index that another covers, none over what most of them lack.
            models.Index(fields=["participant", "at", "id"], name="scan_by_participant"),
            models.Index(fields=["undoes"], condition=models.Q(undoes__isnull=False), name="scan_by_undone"),
            models.Index(
                fields=["pledge_text"],
                condition=models.Q(pledge_text__isnull=False),
                name="scan_by_pledge_text",
            ),
            models.Index(
                fields=["undoes_uuid"],
                condition=models.Q(undoes_uuid__isnull=False),
                name="scan_undo_before_its_fact",
            ),
            models.Index(
                fields=["event"], condition=models.Q(state="needs_review"), name="scan_to_be_looked_at"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["device_id", "device_sequence"],
                condition=models.Q(device_id__isnull=False),
                name="scan_device_sequence_once",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=ScanKind.values), name="scan_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=ScanState.values), name="scan_state_known"),
            models.CheckConstraint(
                condition=models.Q(kind="undo", undoes__isnull=False, undoes_uuid__isnull=True)
                | models.Q(kind="undo", undoes__isnull=True, undoes_uuid__isnull=False, state="needs_review")
                | (
                    ~models.Q(kind="undo")
                    & models.Q(undoes__isnull=True)
                    & models.Q(undoes_uuid__isnull=True)
                ),
                name="scan_undo_names_its_fact",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="pledge", pledge_text__isnull=False)
                | (~models.Q(kind="pledge") & models.Q(pledge_text__isnull=True)),
                name="scan_pledge_names_its_text",
            ),
            models.CheckConstraint(
                condition=models.Q(state="needs_review", review_reason__in=ReviewReason.values)
                | (~models.Q(state="needs_review") & models.Q(review_reason="")),
                name="scan_review_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(participant__isnull=False) | models.Q(state="needs_review"),
                name="scan_without_person_is_reviewed",
            ),
            models.CheckConstraint(
                condition=models.Q(device_id__isnull=True, device_sequence__isnull=True)
                | models.Q(device_id__isnull=False, device_sequence__isnull=False),
                name="scan_device_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%H:%M}"


class ScanReview(models.Model):
    """What a person decided about a fact that needed a look. The fact itself stays as it came."""

    scan = models.OneToOneField(Scan, on_delete=models.DO_NOTHING, related_name="review")
    decision = models.CharField(max_length=10, choices=ReviewDecision)
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    by_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision__in=ReviewDecision.values), name="scan_review_decision_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scan_id}: {self.decision}"


class Attendance(models.Model):
    """That a participant was present: derived from the scans, one row while it holds, no row when undone."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="attendance")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="attendances", db_index=False)
    scan = models.OneToOneField(Scan, on_delete=models.DO_NOTHING, related_name="+")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["event", "at"], name="attendance_by_event")]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.at:%H:%M}"

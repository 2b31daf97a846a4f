"""Attendance sheets on paper, as they were printed."""

import uuid

from django.db import models

from events.models.event import Event

MOST_BLANK_ROWS = 100


class AttendanceSheet(models.Model):
    """Which participant stands at which number of a printed sheet: the first of ``rows`` is number 1, and so on, then
    the blank rows. It never changes, so that the numbers on the paper stay true when guests are added afterwards.

    ``rows`` holds public ids only; the names are read from the participants whenever they are shown.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sheets")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by_id = models.BigIntegerField()
    rows = models.JSONField(default=list, editable=False)
    blank_rows = models.PositiveSmallIntegerField(default=10)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(blank_rows__lte=MOST_BLANK_ROWS), name="sheet_blank_rows_few"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def unit_id(self) -> int:
        """The unit in whose audit the sheet stands."""
        return self.event.host_unit_id

    @property
    def last_number(self) -> int:
        return len(self.rows) + self.blank_rows

"""Reads of long work."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from jobs.models import Job


def jobs_of(user: Any) -> QuerySet[Job]:
    """Only what the officer started: nobody else's, whatever the unit."""
    return Job.objects.filter(by_id=user.pk)

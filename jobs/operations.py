"""Queueing, running and cancelling long work. The row is the truth: whoever sweeps takes up what is due."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording
from jobs.kinds import kind_of
from jobs.models import Job, JobState

log = logging.getLogger(__name__)

# For how long a claim holds without a step being finished.
LEASE = timedelta(minutes=5)
# How long one sweep works on jobs before it turns to its other work.
SLICE_SECONDS = 10.0
# A job whose process died this often at the same step is given up.
MAX_DEATHS = 3
OPEN_STATES = [JobState.QUEUED, JobState.RUNNING]


@transaction.atomic
def enqueue(
    *, kind: str, by: Any | None, arguments: dict[str, Any] | None = None, unit_id: int | None = None
) -> Job:
    """Queue a job; only ``by`` will see it (None: work of the system, seen by nobody).

    :param arguments: ids and plain values, as JSON; no personal value.
    :raises LookupError: for an unknown kind.
    """
    kind_of(kind)
    job = Job.objects.create(
        kind=kind,
        by_id=getattr(by, "pk", None),
        unit_id=unit_id or getattr(by, "unit_id", None),
        arguments=arguments or {},
    )
    recording.record(by=by, verb="job.queued", obj=job, fields=[kind])
    return job


@transaction.atomic
def cancel(*, job: Job, by: Any) -> Job:
    """Ask a job to stop: a waiting one is over at once, a running one before its next step.

    :raises ValidationError: ``ended`` when it is over already.
    """
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state not in OPEN_STATES:
        raise ValidationError(_("This work is over already."), code="ended")
    if locked.state == JobState.QUEUED:
        _end(locked, JobState.CANCELLED)
    else:
        locked.cancel_requested = True
        locked.save(update_fields=["cancel_requested"])
    recording.record(by=by, verb="job.cancelled", obj=locked, fields=[locked.kind])
    return locked


def run_due(seconds: float = SLICE_SECONDS) -> int:
    """Work on due jobs for about ``seconds``, a step at a time and at least one; returns how many steps were made."""
    steps, ends_at = 0, time.monotonic() + seconds
    while (job := claim()) is not None:
        steps += _work(job, ends_at)
        if time.monotonic() >= ends_at:
            break
    return steps


@transaction.atomic
def claim() -> Job | None:
    """Take the oldest job that waits, or whose worker died; None when there is none or another sweep was quicker."""
    now = timezone.now()
    due = Job.objects.filter(
        Q(state=JobState.QUEUED, claimed_until__isnull=True)
        | Q(state=JobState.RUNNING, claimed_until__lte=now)
    )
    job = due.select_for_update(skip_locked=True).order_by("pk").first()
    if job is None:
        return None
    before = job.claimed_until
    if job.state == JobState.RUNNING and not job.result.pop("released", False):
        job.result["deaths"] = job.result.get("deaths", 0) + 1
    job.state, job.claimed_until = JobState.RUNNING, now + LEASE
    mine = Job.objects.filter(pk=job.pk, claimed_until=before, state__in=OPEN_STATES).update(
        state=job.state, claimed_until=job.claimed_until, result=job.result
    )
    return job if mine else None


def _work(job: Job, ends_at: float) -> int:
    """Steps of one job until it is over, cancelled, lost to another worker or the time is up."""
    steps = 0
    while True:
        try:
            goes_on = _step(job)
        except Exception as error:
            log.warning(
                "job %s (%s) failed: %s", job.public_id, job.kind, type(error).__name__, exc_info=True
            )
            _fail(job, type(error).__name__)
            return steps
        steps += 1
        if not goes_on:
            return steps
        if time.monotonic() >= ends_at:
            _release(job)
            return steps


@transaction.atomic
def _step(job: Job) -> bool:
    """One step and its progress, together or not at all. False when there is nothing more to do."""
    locked = _mine(job)
    if locked is None:
        return False
    if locked.cancel_requested:
        _end(locked, JobState.CANCELLED)
        return False
    if locked.result.get("deaths", 0) >= MAX_DEATHS:
        _end(locked, JobState.FAILED, error="died")
        return False
    kind = kind_of(locked.kind)
    if "cursor" not in locked.result:
        locked.total = kind.total(locked.arguments)
    step = kind.step(locked.arguments, locked.result.get("cursor", {}))
    locked.done += step.done
    if step.is_last:
        _end(locked, JobState.DONE, result=step.result)
        return False
    locked.result = {"cursor": step.cursor}
    locked.claimed_until = timezone.now() + LEASE
    locked.save(update_fields=["done", "total", "result", "claimed_until"])
    job.claimed_until = locked.claimed_until
    return True


def _mine(job: Job) -> Job | None:
    """The row under lock, while this worker's claim still holds."""
    rows = Job.objects.select_for_update().filter(
        pk=job.pk, state=JobState.RUNNING, claimed_until=job.claimed_until
    )
    return rows.first()


@transaction.atomic
def _release(job: Job) -> None:
    """Time is up: the next sweep goes on from the cursor."""
    locked = _mine(job)
    if locked is not None:
        locked.claimed_until = timezone.now()
        locked.result = {**locked.result, "released": True}
        locked.save(update_fields=["claimed_until", "result"])


@transaction.atomic
def _fail(job: Job, error: str) -> None:
    locked = _mine(job)
    if locked is not None:
        _end(locked, JobState.FAILED, error=error)


def _end(job: Job, state: str, *, error: str = "", result: dict[str, Any] | None = None) -> None:
    job.state, job.error, job.result = state, error, result or {}
    job.finished_at, job.claimed_until = timezone.now(), None
    job.save(update_fields=["state", "error", "result", "finished_at", "claimed_until", "done", "total"])
    recording.record(by=None, verb=f"job.{state}", obj=job, fields=[job.kind])

"""Watching long work."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jobs import operations
from jobs.kinds import kind_of
from jobs.models import Job, JobState
from jobs.queries import jobs_of
from ui.htmx import wants_fragment


@require_GET
def job_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far it is; the piece asks for itself anew while the work goes on."""
    job = get_object_or_404(jobs_of(request.user), public_id=public_id)
    template = "jobs/_job.html" if wants_fragment(request) else "jobs/job_detail.html"
    return render(request, template, _context(job))


@require_POST
def job_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    job = get_object_or_404(jobs_of(request.user), public_id=public_id)
    try:
        operations.cancel(job=job, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The work is being stopped. What is done stays done."))
    return redirect("jobs:job-detail", public_id=job.public_id)


def _context(job: Job) -> dict[str, object]:
    try:
        label: object = kind_of(job.kind).label
    except LookupError:
        label = job.kind
    is_open = job.state in operations.OPEN_STATES
    tone = {JobState.DONE: "good", JobState.FAILED: "bad", JobState.RUNNING: "info"}.get(
        JobState(job.state), "warn"
    )
    return {"job": job, "label": label, "is_open": is_open, "tone": tone}

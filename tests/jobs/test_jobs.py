"""Long work: step by step, watched and stopped by its owner alone, taken up again after a death."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from jobs import kinds, operations
from jobs.kinds import Kind, Step
from jobs.models import Job, JobState
from jobs.tasks import run_due
from partners.models import Partner
from partners.operations import reindex


class Work:
    """Counts to ``arguments["to"]``; what it did is in ``seen``."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.fails_at = -1

    def total(self, arguments):
        return arguments["to"]

    def step(self, arguments, cursor):
        number = cursor.get("last", 0) + 1
        if number == self.fails_at:
            raise RuntimeError("Sari 0812 tidak boleh tampak")
        self.seen.append(number)
        if number == arguments["to"]:
            return Step(done=1, result={"counted": number})
        return Step(done=1, cursor={"last": number})


@pytest.fixture
def work(monkeypatch) -> Work:
    work = Work()
    monkeypatch.setitem(kinds._kinds, "trial", Kind("trial", "Menghitung", work.total, work.step))
    return work


def start(cast, to=3, by="kubar") -> Job:
    return operations.enqueue(kind="trial", by=cast.officers[by], arguments={"to": to})


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_is_done_step_by_step(cast, work):
    job = start(cast)

    assert operations.run_due() == 3

    job = fresh(job)
    assert work.seen == [1, 2, 3]
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 3, 3, {"counted": 3})
    assert (job.claimed_until, job.finished_at is not None, job.unit_id) == (None, True, cast.kubar.unit_id)
    assert operations.run_due() == 0
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == ["job.queued", "job.done"]


def test_a_sweep_leaves_in_time_and_the_next_goes_on(cast, work):
    job = start(cast)

    assert operations.run_due(seconds=0) == 1
    job = fresh(job)
    assert (job.state, job.done, job.total) == (JobState.RUNNING, 1, 3)

    run_due()
    assert (fresh(job).state, work.seen) == (JobState.DONE, [1, 2, 3])
    assert "deaths" not in fresh(job).result


def test_the_oldest_goes_first_and_all_are_done(cast, work):
    jobs = [start(cast, to=1), start(cast, to=2)]

    operations.run_due()

    assert [fresh(job).state for job in jobs] == [JobState.DONE, JobState.DONE]
    assert work.seen == [1, 1, 2]


def test_a_running_job_is_not_taken_by_another_worker(cast, work):
    start(cast)

    assert operations.claim() is not None
    assert operations.claim() is None


def test_a_job_whose_worker_died_is_taken_up_where_it_was(cast, work):
    job = start(cast)
    operations.run_due(seconds=0)
    dead = operations.claim()
    Job.objects.filter(pk=job.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))

    alive = operations.claim()

    assert operations._step(dead) is False
    assert work.seen == [1]
    assert operations._step(alive) is True
    operations._fail(dead, "late")
    assert (fresh(job).state, work.seen) == (JobState.RUNNING, [1, 2])


def test_a_job_that_kills_its_workers_is_given_up(cast, work):
    job = start(cast)
    for _death in range(3):
        operations.claim()
        Job.objects.filter(pk=job.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))

    operations.run_due()

    assert (fresh(job).state, fresh(job).error, work.seen) == (JobState.FAILED, "died", [])


def test_a_failing_step_fails_the_job_and_says_no_more_than_its_kind(cast, work):
    work.fails_at = 2
    job, other = start(cast), start(cast, to=1)

    operations.run_due()

    job = fresh(job)
    assert (job.state, job.error, job.done) == (JobState.FAILED, "RuntimeError", 1)
    assert fresh(other).state == JobState.DONE


def test_a_kind_that_nobody_does_is_refused_and_fails(cast, work, monkeypatch):
    with pytest.raises(LookupError):
        operations.enqueue(kind="unheard", by=cast.kubar)
    job = start(cast)
    monkeypatch.delitem(kinds._kinds, "trial")

    operations.run_due()

    assert (fresh(job).state, fresh(job).error) == (JobState.FAILED, "LookupError")


def test_cancelling_ends_a_waiting_job_at_once_and_a_running_one_before_its_next_step(cast, work):
    waiting, running = start(cast), start(cast)
    operations.cancel(job=waiting, by=cast.kubar)
    assert fresh(waiting).state == JobState.CANCELLED

    operations.run_due(seconds=0)
    operations.cancel(job=running, by=cast.kubar)
    assert (fresh(running).state, fresh(running).cancel_requested) == (JobState.RUNNING, True)
    operations.run_due()
    assert (fresh(running).state, work.seen) == (JobState.CANCELLED, [1])

    with pytest.raises(ValidationError) as refusal:
        operations.cancel(job=running, by=cast.kubar)
    assert refusal.value.code == "ended"


def test_writes_are_rolled_back_when_the_audit_fails(cast, work, monkeypatch):
    job = start(cast)

    def fail(**kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("audit.recording.record", fail)
    with pytest.raises(RuntimeError):
        start(cast)
    with pytest.raises(RuntimeError):
        operations.cancel(job=job, by=cast.kubar)

    assert list(Job.objects.values_list("state", flat=True)) == [JobState.QUEUED]


def test_the_owner_watches_and_nobody_else(cast, work, sign_in):
    job = start(cast)
    url = reverse("jobs:job-detail", args=[job.public_id])
    client = sign_in("kubar")

    page = client.get(url).content.decode()
    assert "Menghitung" in page
    assert 'hx-trigger="every 2s"' in page
    assert [sign_in(name).get(url).status_code for name in ("kubar2", "bidhumas", "admin", "berau")] == [
        404
    ] * 4
    assert client.get(reverse("jobs:job-detail", args=[uuid4()])).status_code == 404


def test_the_fragment_stops_asking_when_the_work_is_over(cast, work, sign_in):
    job = start(cast)
    operations.run_due(seconds=0)
    url = reverse("jobs:job-detail", args=[job.public_id])
    client = sign_in("kubar")

    going = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert '<progress class="progress w-100" id="job-progress" max="3" value="1">' in going
    assert "<html" not in going
    operations.run_due()
    over = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in over
    assert reverse("jobs:job-cancel", args=[job.public_id]) not in over


def test_watching_costs_the_same_queries_whatever_the_number_of_jobs(
    cast, work, sign_in, django_assert_num_queries
):
    job = start(cast)
    client = sign_in("kubar")
    url = reverse("jobs:job-detail", args=[job.public_id])
    client.get(url)
    with django_assert_num_queries(3):
        client.get(url)
    start(cast)
    start(cast)
    with django_assert_num_queries(3):
        client.get(url)


def test_only_the_owner_cancels_and_only_by_post(cast, work, sign_in):
    job = start(cast)
    url = reverse("jobs:job-cancel", args=[job.public_id])

    assert sign_in("kubar2").post(url).status_code == 404
    assert sign_in("kubar").get(url).status_code == 405
    assert fresh(job).state == JobState.QUEUED
    response = sign_in("kubar").post(url)
    assert (response.status_code, response["Location"]) == (
        302,
        reverse("jobs:job-detail", args=[job.public_id]),
    )
    assert fresh(job).state == JobState.CANCELLED
    again = sign_in("kubar").post(url, follow=True)
    assert again.status_code == 200


def test_reindexing_rebuilds_every_key_in_batches(cast, monkeypatch, capsys):
    monkeypatch.setattr(reindex, "BATCH", 2)
    for name in ("Sari Wulandari", "Budi", "I Made Agung", "Dewi"):
        cast.partner(name, handles=[("x", f"akun{name[:2]}")])
    before = list(Partner.objects.order_by("pk").values_list("search_key", "sort_key"))
    Partner.objects.update(search_key="usang", sort_key="usang")

    call_command("reindex_partners")
    operations.run_due()

    job = Job.objects.get()
    assert capsys.readouterr().out == f"Queued as job {job.public_id}.\n"
    assert list(Partner.objects.order_by("pk").values_list("search_key", "sort_key")) == before
    assert (job.state, job.done, job.total, job.by_id) == (JobState.DONE, 4, 4, None)

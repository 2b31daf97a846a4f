"""The two tasks that beat wakes."""

from celery import shared_task

from config import sweep


@shared_task
def sweep_quick() -> None:
    sweep.run(sweep.QUICK)


@shared_task
def sweep_slow() -> None:
    sweep.run(sweep.SLOW)

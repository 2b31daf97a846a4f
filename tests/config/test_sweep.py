"""The sweep: one that fails stops no other, quick ones come often, slow ones now and then."""

from __future__ import annotations

import threading

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from config import sweep
from config.celery import app

CALLED: list[str] = []


def fails() -> None:
    CALLED.append("fails")
    raise RuntimeError("no luck")


def works() -> None:
    CALLED.append("works")


@pytest.fixture(autouse=True)
def nothing_called() -> None:
    CALLED.clear()


@pytest.mark.expects_error_log
def test_sweep_that_fails_is_logged_and_stops_no_other(caplog):
    sweep.run([f"{__name__}.fails", f"{__name__}.nowhere", f"{__name__}.works"])

    assert CALLED == ["fails", "works"]
    failed = [record.getMessage() for record in caplog.records if record.name == "config.sweep"]
    assert failed == [f"sweep {__name__}.fails failed", f"sweep {__name__}.nowhere failed"]


@pytest.mark.parametrize("name", sweep.QUICK + sweep.SLOW)
def test_sweep_names_what_exists(name):
    assert callable(import_string(name))


def test_sweep_loops_over_the_quick_often_and_the_slow_at_first_and_then_rarely(db, monkeypatch):
    turns: list[list[str]] = []
    stop = threading.Event()
    monkeypatch.setattr(sweep, "QUICK_SECONDS", 0)
    monkeypatch.setattr(sweep, "SLOW_EVERY", 3)
    monkeypatch.setattr(sweep, "close_old_connections", lambda: None)
    monkeypatch.setattr(sweep, "run", lambda names: (turns.append(names), len(turns) == 4 and stop.set()))

    sweep.loop(stop)

    assert turns == [sweep.QUICK + sweep.SLOW, sweep.QUICK, sweep.QUICK, sweep.QUICK + sweep.SLOW]


def test_sweep_is_woken_by_beat_through_tasks_that_the_worker_knows():
    app.loader.import_default_modules()
    woken = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert woken == {"config.tasks.sweep_quick", "config.tasks.sweep_slow"}
    assert woken <= set(app.tasks)

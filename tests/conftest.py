"""Fixtures of the whole suite."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from _pytest import runner
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.core.cache import cache
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.cast import Cast
from tests.client import CheckingClient

hypothesis_settings.register_profile(
    "quick", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile("deep", max_examples=1500, deadline=None)
hypothesis_settings.load_profile("deep" if os.environ.get("REMBUK_DEEP") == "1" else "quick")

# Rows, templates and responses are made by the million: looking for cycles less often saves a fifth of the time.
gc.set_threshold(100_000, 20, 100)

# Argon2 is slow on purpose, a tenth of a second and 100 MB each time; that it is Argon2 stays true.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1

# Rows that nobody here reads (roles are source), in 165 statements after each test that empties the tables.
post_migrate.disconnect(create_contenttypes)
post_migrate.disconnect(create_permissions, dispatch_uid="django.contrib.auth.management.create_permissions")


def with_room(call: Callable[..., Any], *arguments: Any) -> Any:
    """Python keeps its frames in chunks of 16 KB, and asks the system for a chunk and gives it back at every call
    across the end of one: thousands of times for a page whose templates lie deep. The chunk of a call that says it
    needs half a megabyte has room for all that it calls."""
    return call(*arguments)


with_room.__code__ = with_room.__code__.replace(co_stacksize=66_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Any:
    return with_room(runner.pytest_runtest_protocol, item, nextitem)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what may not ask a database (pytest-django would refuse it): ``script/test`` runs that once."""
    for item in items:
        asks = {"db", "transactional_db", "django_db_setup", "live_server"} & set(
            getattr(item, "fixturenames", ())
        )
        if not asks and not item.get_closest_marker("django_db"):
            item.add_marker("without_database")


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def client() -> CheckingClient:
    """Not signed in; every HTML answer is inspected."""
    return CheckingClient()


@pytest.fixture
def sign_in(cast: Cast):
    """``sign_in("kubar")`` gives a client signed in as that officer."""

    def signed_in(username: str) -> CheckingClient:
        client = CheckingClient()
        client.force_login(cast.officers[username])
        return client

    return signed_in


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield


@pytest.fixture(autouse=True)
def no_error_logs(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """An ERROR in the log fails the test, unless it is marked ``expects_error_log``."""
    yield
    if request.node.get_closest_marker("expects_error_log"):
        return
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    words = [record.getMessage() for record in errors if not _left_by_the_driver(record)]
    assert not words, words


def _left_by_the_driver(record: logging.LogRecord) -> bool:
    """A request that a test still held back when its window closed: the collector meets Playwright's task of it later,
    in whichever test is running then."""
    words = record.getMessage()
    return record.name == "asyncio" and words.startswith("Task was destroyed") and "/playwright/" in words


@pytest.fixture(autouse=True)
def private_folders(settings, tmp_path):
    """Stored files and letters of one test stay in its own folder."""
    settings.DATA_DIR = tmp_path
    # Empty: tests ask the finders, and WhiteNoise warns of a missing folder.
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path / "files"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }

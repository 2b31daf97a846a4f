"""Whether the process can serve, and that it says no more than which part does not."""

import pytest
from django.db import OperationalError


def test_health_is_good(client, db):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"failing": []})


class Away:
    def cursor(self) -> None:
        raise OperationalError("password authentication failed for user rembuk")


@pytest.mark.expects_error_log
def test_health_names_the_part_that_does_not_answer_and_nothing_else(client, db, monkeypatch, settings):
    monkeypatch.setattr("config.health.connection", Away())
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (503, {"failing": ["database", "cache"]})


@pytest.mark.parametrize("method", ["get", "head"])
def test_health_asks_for_no_login(client, db, method):
    assert getattr(client, method)("/healthz").status_code == 200

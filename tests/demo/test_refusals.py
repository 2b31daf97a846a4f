"""What the commands refuse, on a database without the sample."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from accounts.models import Officer
from config.demo import sample
from tests.demo.commands import accounts_table, load, row_counts


def test_demo_accounts_prints_nothing_elsewhere(cast):
    assert accounts_table() == ""


@pytest.mark.parametrize("kind", ["officer", "partner", "event"])
def test_loading_is_refused_beside_real_data(cast, kind):
    if kind != "officer":
        Officer.objects.update(is_demo=True)
    if kind == "partner":
        cast.partner()
    if kind == "event":
        cast.event()
    before = row_counts()

    with pytest.raises(CommandError, match="real partners, events or officers"):
        load()

    assert row_counts() == before


def test_loading_beside_real_data_can_be_forced(db, monkeypatch):
    called = []
    monkeypatch.setattr(sample, "holds_real_data", lambda: True)
    monkeypatch.setattr(sample, "load", lambda: called.append(True))

    load("--force")

    assert called == [True]


@pytest.mark.parametrize("password", ["", "short", " with-a-space-first"])
def test_a_weak_password_is_refused_with_a_sentence(db, settings, password):
    settings.DEMO_PASSWORD = password

    with pytest.raises(CommandError, match="DEMO_PASSWORD must have at least 10 characters"):
        load()

    assert not Officer.objects.exists()


def test_a_failure_half_way_leaves_no_account(cast, monkeypatch):
    Officer.objects.all().delete()

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr(sample.registry, "register", fail)
    with pytest.raises(RuntimeError, match="half way"):
        load()

    assert not Officer.objects.exists()

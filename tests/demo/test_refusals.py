"""What the commands refuse, on a database without the sample."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from accounts.models import Officer, Unit
from config import env
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
    Unit.objects.create(
        code="diskominfo-balikpapan", name="Diskominfo Balikpapan", kind="agency", timezone="Asia/Makassar"
    )

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr(sample.registry, "register", fail)
    with pytest.raises(RuntimeError, match="half way"):
        load()

    assert not Officer.objects.exists()


def test_forced_loading_never_works_in_the_name_of_a_real_officer(cast):
    with pytest.raises(CommandError, match=r"Real accounts bear the names of demo accounts: .*kubar"):
        load("--force")

    assert not Officer.objects.filter(is_demo=True).exists()


@pytest.mark.parametrize(
    ("site", "flag", "admitted"),
    [
        ("http://localhost:8000", {}, True),
        ("http://localhost:8000", {"DEMO": "0"}, False),
        ("https://rembuk.example.go.id", {}, False),
        ("https://rembuk.example.go.id", {"DEMO": "1"}, True),
    ],
)
def test_demo_accounts_are_admitted_on_a_trial_or_by_choice(site, flag, admitted, tmp_path):
    source = {
        "SITE_URL": site,
        "SECRET_KEY": "s" * 60,
        "TOKEN_KEY": "t" * 60,
        "ALLOWED_HOSTS": "rembuk.example.go.id",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "EMAIL_URL": "smtp://mail.example.go.id:25",
        **flag,
    }

    assert env.read(source).demo_login is admitted

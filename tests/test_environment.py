"""config/env.py fails loudly: for whatever is missing or malformed, a sentence names the variable and what to set."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from tests.test_architecture import ROOT, files

KEY_A, KEY_B = "aB1-cD2_eF3" * 6, "gH4-iJ5_kL6" * 6
PRODUCTION = {
    "SITE_URL": "https://rembuk.example.go.id",
    "ALLOWED_HOSTS": "rembuk.example.go.id",
    "SECRET_KEY": KEY_A,
    "TOKEN_KEY": KEY_B,
    "DATABASE_URL": "postgres://rembuk:geheim@127.0.0.1:5432/rembuk",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:geheim@mail.example.go.id:587",
    "BEHIND_PROXY": "1",
}


def read(tmp_path: Path, **changes: str | None) -> env.Environment:
    values = {**PRODUCTION, "DATA_DIR": str(tmp_path), **changes}
    return env.read({name: value for name, value in values.items() if value is not None})


def test_environment_production_is_read(tmp_path):
    read_ = read(tmp_path)

    assert (read_.local, read_.debug, read_.behind_proxy) == (False, False, True)
    assert read_.allowed_hosts == ["rembuk.example.go.id"]
    assert (read_.secret_key, read_.token_key) == (KEY_A, KEY_B)
    assert read_.database["ENGINE"] == "django.db.backends.postgresql"
    assert read_.redis_url == "redis://127.0.0.1:6379/0"
    assert read_.email["EMAIL_HOST"] == "mail.example.go.id"
    assert read_.storage_dir == tmp_path / "files"


@pytest.mark.parametrize("name", ["SECRET_KEY", "TOKEN_KEY", "ALLOWED_HOSTS", "EMAIL_URL"])
@pytest.mark.parametrize("value", [None, ""])
def test_environment_missing_is_named(tmp_path, name, value):
    with pytest.raises(ImproperlyConfigured, match=rf"\b{name}\b.*must be set") as caught:
        read(tmp_path, **{name: value})
    assert_sentence(caught)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "rembuk.example.go.id"),
        ("SITE_URL", "ftp://rembuk.example.go.id"),
        ("SITE_URL", "https://rembuk.example.go.id/sub"),
        ("SITE_URL", "https://"),
        ("SECRET_KEY", "short"),
        ("TOKEN_KEY", "short"),
        ("SECRET_KEY_FILE", "/nowhere/key"),
        ("TOKEN_KEY_FILE", "/nowhere/key"),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", "mysql://user@host/database"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgres://user:geheim@host:port/database"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("EMAIL_URL", "mail.example.go.id"),
        ("EMAIL_URL", "http://mail.example.go.id"),
        ("STORAGE_URL", "s3://bucket"),
        ("STORAGE_URL", "files"),
        ("DEBUG", "1"),
        ("DEBUG", "maybe"),
        ("EMBEDDED_SWEEP", "maybe"),
        ("BEHIND_PROXY", "maybe"),
        ("DEMO", "maybe"),
        ("DATABASE_POOL", "many"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_environment_malformed_is_named(tmp_path, name, value):
    with pytest.raises(ImproperlyConfigured, match=rf"\b{name}\b") as caught:
        read(tmp_path, **{name: value})
    assert_sentence(caught)


def assert_sentence(caught: pytest.ExceptionInfo[ImproperlyConfigured]) -> None:
    """Words for the person who starts the service; a secret is never repeated in a log."""
    text = str(caught.value)
    assert text.endswith(".")
    assert len(text) > 25
    assert not any(secret in text for secret in (KEY_A, KEY_B, "geheim"))


def test_environment_keys_must_differ(tmp_path):
    """One key that leaks must not open what the other guards."""
    with pytest.raises(ImproperlyConfigured, match="TOKEN_KEY"):
        read(tmp_path, TOKEN_KEY=KEY_A)


def test_environment_key_files_are_read(tmp_path):
    file = tmp_path / "key"
    file.write_text(f"{'z' * 60}\n")

    assert read(tmp_path, SECRET_KEY=None, SECRET_KEY_FILE=str(file)).secret_key == "z" * 60


def test_environment_trial_makes_and_keeps_its_keys(tmp_path):
    first = env.read({"DATA_DIR": str(tmp_path)})
    second = env.read({"DATA_DIR": str(tmp_path)})

    assert first.local
    assert len(first.secret_key) >= 50
    assert first.secret_key != first.token_key
    assert (first.secret_key, first.token_key) == (second.secret_key, second.token_key)
    assert {oct(path.stat().st_mode & 0o777) for path in tmp_path.glob("*_key")} == {"0o600"}


def run(tmp_path: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, "DATA_DIR": str(tmp_path), **changes}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_environment_check_deploy_is_clean(tmp_path):
    result = run(tmp_path, "check", "--deploy", "--fail-level", "INFO")

    assert result.returncode == 0, result.stderr
    assert "System check identified no issues (0 silenced)." in result.stdout


def test_environment_start_without_a_key_says_so(tmp_path):
    result = run(tmp_path, "check", SECRET_KEY="")

    assert result.returncode != 0
    assert "SECRET_KEY (or SECRET_KEY_FILE) must be set" in result.stderr


def test_environment_example_names_every_variable():
    """Whatever config/env.py reads stands in .env.example, and nothing else of ours reads the environment."""
    read_ = (ROOT / "config/env.py").read_text()
    names = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", read_)) | set(
        re.findall(r"env, \"([A-Z_]+)\"", read_)
    )
    example = (ROOT / ".env.example").read_text()
    assert len(names) > 12
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", example)) == []


def test_environment_options_of_the_database_are_kept_beside_ours(tmp_path):
    url = "postgres://rembuk:geheim@db/rembuk?sslmode=require&options=-c%20search_path%3Drembuk"

    options = read(tmp_path, DATABASE_URL=url).database["OPTIONS"]

    assert options["sslmode"] == "require"
    assert "-c jit=off" in options["options"]
    assert options["options"].endswith(" -c search_path=rembuk")


@pytest.mark.parametrize("folder", [ROOT / "static" / "files", "DATA_DIR/static"])
def test_environment_private_files_lie_in_no_served_folder(tmp_path, folder):
    url = f"file://{folder}".replace("DATA_DIR", str(tmp_path))

    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL") as caught:
        read(tmp_path, STORAGE_URL=url)
    assert_sentence(caught)


@pytest.mark.parametrize(
    ("values", "served"),
    [
        ({}, (8000, 2, 1)),
        ({"EMBEDDED_SWEEP": "true", "PORT": "8123"}, (8123, 1, 8)),
        ({"EMBEDDED_SWEEP": "1", "WEB_WORKERS": "3"}, (8000, 3, 1)),
        ({"WEB_WORKERS": "4", "WEB_THREADS": "2"}, (8000, 4, 2)),
    ],
)
def test_environment_says_how_pages_are_served(values, served):
    web = env.web(values)

    assert (web.port, web.workers, web.threads) == served


@pytest.mark.parametrize("name", ["PORT", "WEB_WORKERS", "WEB_THREADS"])
@pytest.mark.parametrize("value", ["many", "0", "-1", "²"])
def test_environment_malformed_serving_is_named(name, value):
    with pytest.raises(ImproperlyConfigured, match=rf"\b{name}\b") as caught:
        env.web({name: value})
    assert_sentence(caught)


def test_environment_is_read_in_one_place():
    readers = {
        str(path.relative_to(ROOT))
        for path in files()
        if re.search(r"os\.environ\b(?!\.setdefault)|os\.getenv", path.read_text())
    }

    # The command takes one password of one run from there: no setting of the site.
    assert readers - {"config/management/commands/create_administrator.py"} == {"config/env.py"}

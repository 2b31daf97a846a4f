"""Databases filled once for a run, and gunicorn serving one of them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import load
from tests.services import free_port

WORKERS = "2"
EVENTS = 80


def database_url(name: str) -> str:
    """Another database on the server of this run."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


def create(name: str) -> None:
    """An empty database in the place of one that may be there."""
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')


def make(name: str, partners: int, *, folder: Path, events: int) -> float:
    """Create, migrate and fill a database in a process of its own; returns the seconds that filling took."""
    create(name)
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(name),
        "DATA_DIR": str(folder),
        "DATABASE_POOL": "0",
    }
    for command in (["migrate", "--verbosity", "0"], ["load_reference", "--verbosity", "0"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], env=environment, check=True, stdout=subprocess.DEVNULL
        )
    begun = time.perf_counter()
    code = f"import django; django.setup(); from bench import data; data.load({partners}, events={events})"
    subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
    )
    return time.perf_counter() - begun


def copy(source: str, name: str) -> None:
    """Another database with the same rows; nobody may be connected to the first."""
    with psycopg.connect(
        os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/postgres", autocommit=True
    ) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


@contextlib.contextmanager
def gunicorn(application: str, name: str, *, folder: Path, replays: Path) -> Iterator[int]:
    """Serve ``application`` on the database ``name`` with two sync workers; yields the port."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(name),
        "DATA_DIR": str(folder),
        "SITE_URL": "http://localhost:8000",
        "WEB_WORKERS": WORKERS,
        "WEB_THREADS": "1",
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
        "BENCH_REPLAYS": str(replays),
        "EMBEDDED_SWEEP": "0",
        "DATABASE_POOL": "2",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "config/gunicorn.py",
        "--log-level",
        "warning",
        application,
    ]
    with served(command, environment, port):
        yield port


@contextlib.contextmanager
def served(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    """Run a server until the block ends, from its first answer on."""
    process = subprocess.Popen(command, env=environment)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                if load.exchange(port, load.get("/healthz")):
                    break
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)

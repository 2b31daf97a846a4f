"""One scan in a request, asked in turn of our door and of pretix, on this machine and in this run.

pretix is a product of others under a licence of its own: it is installed into an environment of its own below
``data/bench`` and run as it comes, through its own interface.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from bench import door, load, processes, sites
from bench.scenarios import Row, switch
from config.env import BASE_DIR
from tests.services import free_port

VERSION = "2026.8.0"
OURS, THEIRS = "bench_beside", "bench_pretix"
CLIENTS = (4, 16)
# In turn, so that a machine that slows down slows both.
ROUNDS, TICKETS = 4, 500
ASKED = 10
# What config/gunicorn.py says, without what belongs to our application alone.
GUNICORN = f"""
import gc

workers, worker_class, timeout, max_requests = {sites.WORKERS}, "sync", 60, 0
accesslog, loglevel, control_socket_disable = None, "warning", True


def post_worker_init(worker):
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
"""


@dataclass
class Side:
    """One of the two: where it answers, what it is asked, and what came of it."""

    port: int
    asked: list[bytes]
    good: Callable[[bytes], bool]
    result: load.Result = field(default_factory=load.Result)
    cpu: float = 0.0

    def warm_up(self, clients: int) -> None:
        self._ask(self.asked[: door.WARM], clients)
        self.asked = self.asked[door.WARM :]

    def round(self, number: int, clients: int) -> None:
        share = len(self.asked) // ROUNDS
        before = processes.cpu_seconds()
        part = self._ask(self.asked[number * share :][:share], clients)
        self.cpu += processes.cpu_seconds() - before
        self.result.seconds += part.seconds
        self.result.wall += part.wall

    def _ask(self, requests: list[bytes], clients: int) -> load.Result:
        result = load.run(self.port, requests, clients=clients, good=self.good)
        if result.failed:
            raise SystemExit(f"{result.failed} requests failed: {result.sample}")
        return result

    def figures(self) -> str:
        each = 1000 * self.cpu / len(self.result.seconds)
        return (
            f"{self.result.rate:.0f}/s p50 {self.result.percentile(0.5):.1f} "
            f"p99 {self.result.percentile(0.99):.0f} ms, {each:.2f} ms of CPU"
        )


def beside(folder: Path) -> list[Row]:
    python = _installed()
    shape = _environment(folder / "pretix")
    sites.make(OURS, 2_000, folder=folder, events=1)
    sold = _filled(python, shape)
    switch(OURS)
    evenings = [door.make_evening(number) for number in range(len(CLIENTS))]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    rows, each = [], door.WARM + TICKETS
    with (
        sites.gunicorn("config.wsgi:application", OURS, folder=folder, replays=folder) as our_port,
        _serving(python, shape) as their_port,
    ):
        for number, (clients, evening) in enumerate(zip(CLIENTS, evenings, strict=True)):
            ours = Side(our_port, list(door.scan_requests(evening)), load.is_ok)
            theirs = Side(
                their_port,
                [_scan(sold, one) for one in range(number * each, (number + 1) * each)],
                _is_let_in,
            )
            for side in (ours, theirs):
                side.warm_up(clients)
            for turn in range(ROUNDS):
                for side in (theirs, ours):
                    side.round(turn, clients)
            exact = door.is_exact(evening) and _let_in() == ((number + 1) * each,) * 2
            times = ours.result.rate / theirs.result.rate
            rows.append(
                Row(
                    f"one scan per request, {clients} clients: ours beside pretix",
                    f"{ours.figures()} = {times:.1f}x" + ("" if exact else ", NOT EXACT"),
                    f"pretix {VERSION}: {theirs.figures()}",
                    f">= {ASKED}x pretix",
                    times >= ASKED and exact,
                )
            )
    return rows


def _installed() -> str:
    """The interpreter of pretix's own environment, which is made when it is not there yet."""
    place = BASE_DIR / "data" / "bench" / "pretix"
    python, stamp = str(place / "bin" / "python"), place / ".installed"
    wanted = [f"pretix=={VERSION}", f"gunicorn=={version('gunicorn')}"]
    if not stamp.exists() or stamp.read_text().split() != wanted:
        print(
            f"Installing {' and '.join(wanted)} into {place} (some 600 MB, a minute or two) ...", flush=True
        )
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "--no-input", *wanted], check=True)
        stamp.write_text("\n".join(wanted))
    return python


def _environment(place: Path) -> dict[str, str]:
    """Its settings in the shape its manual gives for production: PostgreSQL, Redis for cache and sessions, and tasks
    handed to a queue. Nobody takes them from there, so that they cost it nothing here."""
    place.mkdir()
    (place / "gunicorn.py").write_text(GUNICORN)
    database, redis = urlsplit(os.environ["DATABASE_URL"]), os.environ["REDIS_URL"].rpartition("/")[0]
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "pretix.settings",
        "PRETIX_CONFIG_FILE": os.devnull,
        "PRETIX_PRETIX_DATADIR": str(place),
        "PRETIX_PRETIX_URL": "http://localhost:8000",
        "PRETIX_DJANGO_DEBUG": "off",
        "PRETIX_DATABASE_BACKEND": "postgresql",
        "PRETIX_DATABASE_NAME": THEIRS,
        "PRETIX_DATABASE_USER": database.username or "",
        "PRETIX_DATABASE_PASSWORD": database.password or "",
        "PRETIX_DATABASE_HOST": database.hostname or "",
        "PRETIX_DATABASE_PORT": str(database.port or 5432),
        "PRETIX_REDIS_LOCATION": f"{redis}/5",
        "PRETIX_REDIS_SESSIONS": "true",
        "PRETIX_CELERY_BACKEND": f"{redis}/6",
        "PRETIX_CELERY_BROKER": f"{redis}/7",
    }


def _filled(python: str, shape: dict[str, str]) -> dict[str, Any]:
    """A database with an event and its tickets; says what the scans need."""
    sites.create(THEIRS)
    place = shape["PRETIX_PRETIX_DATADIR"]
    subprocess.run(
        [python, "-m", "pretix", "migrate", "--verbosity", "0"],
        env=shape,
        cwd=place,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    done = subprocess.run(
        [python, "-", str(len(CLIENTS) * (door.WARM + TICKETS)), str(door.PHONES_SINGLE)],
        input=Path(__file__).with_name("pretix_fill.py").read_text(),
        env=shape,
        cwd=place,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    with psycopg.connect(sites.database_url(THEIRS), autocommit=True) as server:
        server.execute("VACUUM ANALYZE")
    sold: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return sold


@contextmanager
def _serving(python: str, shape: dict[str, str]) -> Iterator[int]:
    port, place = free_port(), Path(shape["PRETIX_PRETIX_DATADIR"])
    command = [python, "-m", "gunicorn", "-c", str(place / "gunicorn.py"), "--chdir", str(place)]
    with sites.served([*command, "-b", f"127.0.0.1:{port}", "pretix.wsgi"], shape, port):
        yield port


def _scan(sold: dict[str, Any], number: int) -> bytes:
    """As its app for phones asks: a secret, and a word of its own by which a scan sent again is known."""
    secret, token = sold["secrets"][number], sold["tokens"][number % len(sold["tokens"])]
    body = json.dumps(
        {
            "lists": [sold["list"]],
            "secret": secret,
            "source_type": "barcode",
            "type": "entry",
            "force": False,
            "ignore_unpaid": False,
            "questions_supported": True,
            "nonce": f"{number:032x}",
        }
    )
    return (
        f"POST {sold['path']} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Device {token}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    ).encode()


def _is_let_in(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 201") and b'"status":"ok"' in answer


def _let_in() -> tuple[int, int]:
    """How many entries pretix holds, and of how many tickets."""
    with psycopg.connect(sites.database_url(THEIRS)) as server:
        found = server.execute(
            "SELECT count(*), count(DISTINCT position_id) FROM pretixbase_checkin WHERE successful AND type = 'entry'"
        ).fetchone()
    return found or (0, 0)


SCENARIOS = {"pretix": beside}

"""The first screen, its tallies, and the picker of guests, at 200,000 partners."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import load, recording, sites
from bench.scenarios import Row, beside_bare, measured_in_turn, switch

HOME = "bench_home"
READERS = {"bidhumas": "organiser of a Polda", "divhumas": "organiser of Mabes", "kubar": "local officer"}
PICKED = [
    "kind=influencer&keep=confirmed",
    "kind=journalist&region_province=64&region_regency=64.02",
    "platform=instagram&keep=confirmed",
    "kind=activist&platform=tiktok",
]


def make(folder: Path) -> None:
    """The large volume with a long tour besides; made once for a run."""
    if getattr(make, "done", False):
        return
    make.done = True  # type: ignore[attr-defined]
    switch(HOME)
    sites.copy("bench_large", HOME)
    code = "import django; django.setup(); from bench import tour; tour.load()"
    environment = {
        **os.environ,
        "DATABASE_URL": sites.database_url(HOME),
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def tallies(folder: Path) -> list[Row]:
    """Counting everything, and counting what one change touched; the seconds that statements took."""
    from audit.models import Entry
    from audit.recording import record
    from events.models import Event
    from partners.models import Partner
    from reports.models import TallyClock
    from reports.operations import tallies as counting

    make(folder)
    switch(HOME)
    first, whole = seconds_of(counting.refresh), seconds_of(counting.refresh)
    changes: list[float] = []
    for number in range(20):
        partner = Partner.objects.filter(status="active").order_by("pk")[number * 5_000]
        event = Event.objects.filter(program__isnull=False).order_by("pk")[number * 200]
        obj, named = (partner, None) if number % 2 else (event, event.public_id)
        last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        record(by=None, verb="bench", obj=obj, subject=getattr(partner, "public_id", None), event=named)
        TallyClock.objects.update(seen_entry=last)
        changes.append(seconds_of(counting.catch_up))
    slowest = max(changes)
    return [
        Row(
            "refresh of all tallies",
            f"{first:.2f} s at first, {whole:.2f} s again",
            "",
            "<= 5 s of database time",
            max(first, whole) <= 5,
        ),
        Row(
            "tallies after a single change",
            f"{1000 * sorted(changes)[len(changes) // 2]:.0f} ms, slowest of 20 {1000 * slowest:.0f} ms",
            "",
            "<= 50 ms",
            slowest <= 0.05,
        ),
    ]


def seconds_of(work: Callable[[], object]) -> float:
    """How long the database worked on the statements of ``work``."""
    from django.db import connection

    took = 0.0

    def wrapper(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal took
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took += time.perf_counter() - begun

    with connection.execute_wrapper(wrapper):
        work()
    return took


def home(folder: Path) -> list[Row]:
    from accounts.models import Unit
    from reports.operations import tallies as counting

    make(folder)
    switch(HOME)
    counting.refresh()
    unit = Unit.objects.get(code="polres-kubar").pk
    rows = []
    for username, title in READERS.items():
        switch(HOME)
        client = recording.signed_in(username)
        client.get("/")
        queries = len(recording.statements_of(partial(client.get, "/"))[1])
        page, bare = beside_bare(
            HOME, [load.get("/", cookie=recording.cookie(username))] * 40, unit=unit, folder=folder
        )
        over = page.percentile(0.95) / bare.percentile(0.95)
        rows.append(
            Row(
                f"home, {title}, 5,000 events",
                f"p50 {page.percentile(0.5):.1f} p95 {page.percentile(0.95):.1f} ms = {over:.2f}x; {queries} queries",
                f"bare page of 50 rows: p50 {bare.percentile(0.5):.1f} p95 {bare.percentile(0.95):.1f} ms",
                "<= 5x, <= 15 queries",
                over <= 5 and queries <= 15,
            )
        )
    return rows


def picker(folder: Path) -> list[Row]:
    """Two filters over all partners, asked of both volumes in turn."""
    from django.urls import reverse

    from events.models import Event

    cookies, paths, queries = {}, {}, {}
    for name in ("bench_small", "bench_large"):
        switch(name)
        address = reverse("events:guest-pick", args=[Event.objects.order_by("pk")[0].public_id])
        paths[name] = [f"{address}?{chosen}" for chosen in PICKED]
        cookies[name] = {"bidhumas": recording.cookie("bidhumas")}
        client = recording.signed_in("bidhumas")
        client.get(paths[name][0])
        queries[name] = max(
            len(recording.statements_of(partial(client.get, path))[1]) for path in paths[name]
        )
    small, large = measured_in_turn(paths, cookies, folder)
    over, most = large.percentile(0.95) / small.percentile(0.95), max(queries.values())
    return [
        Row(
            "guest picker, 2 filters, 200,000",
            f"p50 {large.percentile(0.5):.1f} p95 {large.percentile(0.95):.1f} ms = {over:.2f}x; {most} queries",
            f"2,000: p50 {small.percentile(0.5):.1f} p95 {small.percentile(0.95):.1f} ms",
            "<= 1.5x, <= 12 queries",
            over <= 1.5 and most <= 12,
        )
    ]


SCENARIOS: dict[str, Callable[[Path], list[Row]]] = {"tallies": tallies, "home": home, "picker": picker}

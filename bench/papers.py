"""The papers of an evening with 500 guests, from the button to the last byte, beside an empty page."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import recording, sites
from bench.door_pack import invite
from bench.scenarios import Row, switch

NAME = "bench_papers"
GUESTS = 500
ROUNDS = 5
MOST_SECONDS = 2.0
_EMPTY = 'import sys, typst; sys.stdout.buffer.write(typst.compile(b"#page[]", format="pdf"))'


def papers(folder: Path) -> list[Row]:
    """Attendance sheet, badges and QR cards; the cards once with 500 new codes, once with those that hold."""
    from events.models import Event
    from outbox.models import Link

    sites.make(NAME, GUESTS, folder=folder, events=1)
    switch(NAME)
    event = Event.objects.get()
    invite(event)
    client = recording.signed_in("bidhumas")
    address = f"/kegiatan/{event.public_id}/kertas/"
    floor = f"an empty page: {_seconds(_empty):.2f} s"

    def row(name: str, path: str, before: Callable[[], Any] = lambda: None) -> Row:
        size = len(_post(client, f"{address}{path}/"))
        took = _seconds(lambda: _post(client, f"{address}{path}/"), before)
        return Row(name, f"{took:.2f} s, {size / 1000:.0f} kB", floor, "<= 2 s", took <= MOST_SECONDS)

    return [
        row("attendance sheet for 500", "daftar-hadir"),
        row("badges for 500", "kartu-nama"),
        row("QR cards for 500", "kartu-qr"),
        row("QR cards for 500, codes made", "kartu-qr", lambda: Link.objects.all().delete()),
    ]


def _post(client: Any, path: str) -> bytes:
    response = client.post(path, {"blank_rows": "10"})
    if response.status_code != 200 or not response.content.startswith(b"%PDF"):
        raise SystemExit(f"{response.status_code} at {path}")
    return bytes(response.content)


def _empty() -> None:
    subprocess.run([sys.executable, "-I", "-c", _EMPTY], check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> float:
    """The median of a few rounds."""
    took = []
    for _round in range(ROUNDS):
        before()
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


SCENARIOS: dict[str, Callable[[Path], list[Row]]] = {"papers": papers}

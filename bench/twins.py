"""Likely twins while a name is being typed, among 200,000 partners."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from bench import load, recording
from bench.scenarios import Row, beside_bare, switch

ADDRESS = "/mitra/kembar/"
# Whole names of two and three words, half typed ones, slips of the pen, a name that many bear, and one nobody bears.
TYPED = [
    "Siti Aminah",
    "Muhammad Rizky Pratama",
    "Rina Wulandary",
    "Budi Sap",
    "Taufik Hidayad",
    "Ratna Puspita Sari",
    "Joko Wi",
    "Ahmad",
    "Wayan Salsabilla",
    "Xaverius Qomarudin",
]


def twins(folder: Path) -> list[Row]:
    """The piece below the name, against a bare Django page of one indexed query and fifty rows."""
    from accounts.models import Unit

    switch("bench_large")
    cookie, unit = recording.cookie("bidhumas"), Unit.objects.get(code="polres-kubar").pk
    client = recording.signed_in("bidhumas")
    bodies = [
        urlencode({"full_name": name, "phone": f"0812{number:08}"}) for number, name in enumerate(TYPED)
    ]
    statements = max(
        len(recording.statements_of(partial(client.post, ADDRESS, {"full_name": name}))[1]) for name in TYPED
    )
    extra = "HX-Request: true\r\n"
    requests = [
        load.post(ADDRESS, body, cookie=cookie, token=recording.TOKEN, extra=extra) for body in bodies
    ]
    typed, bare = beside_bare("bench_large", requests, unit=unit, folder=folder)
    over = typed.percentile(0.95) / bare.percentile(0.95)
    return [
        Row(
            f"twins while typing, 200,000, {statements} queries",
            f"p50 {typed.percentile(0.5):.1f} p95 {typed.percentile(0.95):.1f} ms = {over:.2f}x",
            f"bare page of 50 rows: p50 {bare.percentile(0.5):.1f} p95 {bare.percentile(0.95):.1f} ms",
            "<= 5x",
            over <= 5,
        )
    ]

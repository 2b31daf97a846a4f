"""Bring the reference data in the tables up to the files that come with the program."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext_noop as _

from accounts.operations import reference
from events.operations import pledge_texts
from partners.operations import consent_texts
from portal.operations import channels
from regions.operations import regions, sources
from regions.queries.sources import loaded_checksums

# Raised when the loader itself begins to read more from the same files.
EDITION = 1
_IDN_AREA_DATA = (
    "npm idn-area-data 4.0.1 (github.com/fityannugroho/idn-area-data, b36d0792), "
    "after Kepmendagri 300.2.2-2138/2025. "
    "Contains information from idn-area-data, which is made available under the Open Database License (ODbL)."
)
_COLLECTED = _("Collected from published sources for this program")
_OWN_TEXT = _("Written for this program")


@dataclass(frozen=True)
class Piece:
    """Reference data loaded together: ``load`` gets the paths of its files and returns how many rows it read."""

    key: str
    name: str
    source: str
    licence: str
    dated: str
    files: tuple[str, ...]
    load: Callable[..., int]


def _load_regions(provinces: Path, facts: Path, regencies: Path, districts: Path) -> int:
    return regions.load(
        provinces=_rows(provinces),
        province_facts=_rows(facts),
        regencies=_rows(regencies),
        districts=_rows(districts),
    )


def _load_consent_texts(path: Path) -> int:
    texts = _items(path)
    for text in texts:
        consent_texts.publish(**{**text, "valid_from": date.fromisoformat(text["valid_from"])})
    return len(texts)


def _load_pledge_texts(path: Path) -> int:
    texts = _items(path)
    for text in texts:
        pledge_texts.publish(**text)
    return len(texts)


PIECES = [
    Piece(
        "regions",
        _("Provinces, regencies and districts"),
        _IDN_AREA_DATA,
        "Open Database License 1.0 (ODbL)",
        "2026-02-20",
        (
            "regions/reference/provinces.csv",
            "regions/reference/province_facts.csv",
            "regions/reference/regencies.csv",
            "regions/reference/districts.csv",
        ),
        _load_regions,
    ),
    Piece(
        "units",
        _("Police units and agencies"),
        _COLLECTED,
        "MIT",
        "2026",
        ("accounts/reference/units.csv",),
        lambda path: reference.load_units(_rows(path)),
    ),
    Piece(
        "jurisdictions",
        _("Jurisdictions"),
        _COLLECTED,
        "MIT",
        "2026",
        ("accounts/reference/jurisdictions.csv",),
        lambda path: reference.load_jurisdictions(_rows(path)),
    ),
    Piece(
        "ranks",
        _("Police ranks"),
        _COLLECTED,
        "MIT",
        "2026",
        ("accounts/reference/ranks.csv",),
        lambda path: reference.load_ranks(_rows(path)),
    ),
    Piece(
        "elections",
        _("Election calendars"),
        _COLLECTED,
        "MIT",
        "2026",
        ("accounts/reference/elections.csv",),
        lambda path: reference.load_elections(_rows(path)),
    ),
    Piece(
        "consent-texts",
        _("Consent texts"),
        _OWN_TEXT,
        "MIT",
        "2026",
        ("partners/reference/consent_texts.json",),
        _load_consent_texts,
    ),
    Piece(
        "pledge-texts",
        _("Pledge texts"),
        _OWN_TEXT,
        "MIT",
        "2026",
        ("events/reference/pledge_texts.json",),
        _load_pledge_texts,
    ),
    Piece(
        "report-channels",
        _("Report channels"),
        _COLLECTED,
        "MIT",
        "2026",
        ("portal/reference/report_channels.csv",),
        lambda path: channels.load(_rows(path)),
    ),
]


class Command(BaseCommand):
    help = (
        "Loads regions, units, jurisdictions, ranks, election calendars, consent and pledge texts, report channels "
        "from the files of the program. Adds and updates, never deletes; files that have not changed "
        "since the last time are skipped."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        known = loaded_checksums()
        for piece in PIECES:
            paths = [settings.BASE_DIR / name for name in piece.files]
            checksum = _checksum(paths)
            if known.get(piece.key) != checksum:
                rows = _load(piece, paths, checksum)
                self.stdout.write(f"{piece.name}: {rows:,} rows")


def _load(piece: Piece, paths: list[Path], checksum: str) -> int:
    """Load one piece and remember its checksum, both or neither."""
    try:
        with transaction.atomic():
            rows = piece.load(*paths)
            sources.record(
                key=piece.key,
                name=piece.name,
                source=piece.source,
                licence=piece.licence,
                dated=piece.dated,
                rows=rows,
                checksum=checksum,
            )
    except ValidationError as refusal:
        raise CommandError(f"{piece.name}: {' '.join(refusal.messages)}") from refusal
    return rows


def _checksum(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256(f"edition {EDITION}".encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _items(path: Path) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return items

"""The ledger of erasures: a file outside the database, so that restoring a backup does not bring people back.

One line for each erasure: the public id that was random anyway, and the time. Nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings


def path() -> Path:
    return Path(settings.DATA_DIR) / "erasures.jsonl"


def append(public_id: UUID, at: datetime) -> None:
    """Add one line and see it onto the disk."""
    line = json.dumps({"public_id": str(public_id), "at": at.isoformat(timespec="seconds")}) + "\n"
    path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read() -> Iterator[UUID]:
    """The ids in the ledger, each once.

    :raises ValueError: names the first line that cannot be read; a ledger with holes must be looked at by a person.
    """
    if not path().exists():
        return
    seen = set()
    with path().open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                public_id = UUID(json.loads(line)["public_id"])
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path()}: line {number} cannot be read.") from error
            if public_id not in seen:
                seen.add(public_id)
                yield public_id

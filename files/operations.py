"""Storing, handing out and removing private files."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from functools import partial
from typing import IO, Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import models, transaction

from audit import recording
from files.models import StoredFile
from files.photos import cleaned


@transaction.atomic
def store(
    *, by: Any, purpose: str, owner: models.Model | UUID, upload: IO[bytes], unit_id: int
) -> StoredFile:
    """Store an upload under a random name, as :func:`files.photos.cleaned` leaves it. The uploader's file name is
    dropped: people write names into it.

    :param owner: the row that the file belongs to (its ``public_id`` is kept), or that id.
    :param purpose: names the check in :mod:`files.access` that decides who may download it.
    :raises ValidationError: as :func:`files.photos.cleaned`, in words for the one who uploads.
    """
    clean = cleaned(upload)
    token = secrets.token_hex(16)
    stored = StoredFile(
        purpose=purpose,
        owner_public_id=owner if isinstance(owner, UUID) else owner.public_id,  # type: ignore[attr-defined]
        name=f"{purpose}-{token[:8]}.{clean.extension}",
        content_type=clean.content_type,
        size=len(clean.content),
        sha256=hashlib.sha256(clean.content).hexdigest(),
        unit_id=unit_id,
        stored_by_id=getattr(by, "pk", None),
    )
    stored.file.save(f"{token[:2]}/{token}.{clean.extension}", ContentFile(clean.content), save=False)
    try:
        stored.save(force_insert=True)
        _audit(by, "file.stored", stored)
    except BaseException:
        discard(stored=stored)
        raise
    return stored


@transaction.atomic
def note_download(*, stored: StoredFile, by: Any) -> None:
    """One audit line for each time that a file was handed out."""
    _audit(by, "file.downloaded", stored)


@transaction.atomic
def remove(*, files: Iterable[StoredFile], by: Any | None) -> int:
    """Remove rows, and their content once the transaction holds. Whoever points at them lets go first."""
    count = 0
    for stored in files:
        _audit(by, "file.removed", stored)
        transaction.on_commit(partial(stored.file.storage.delete, str(stored.file.name)), robust=True)
        stored.delete()
        count += 1
    return count


def discard(*, stored: StoredFile) -> None:
    """Take the content away when the transaction that stored it is being rolled back: its row goes by itself."""
    stored.file.storage.delete(str(stored.file.name))


def _audit(by: Any | None, verb: str, stored: StoredFile) -> None:
    recording.record(by=by, verb=verb, obj=stored, subject=stored.owner_public_id, fields=[stored.purpose])

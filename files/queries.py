"""Reads of stored files. Who may see one is decided by :mod:`files.access`."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from files.models import StoredFile


def stored_files() -> QuerySet[StoredFile]:
    return StoredFile.objects.all()


def files_of(owner: UUID, also: Iterable[int] = ()) -> QuerySet[StoredFile]:
    """The files of one owner, and those of the given ids."""
    return StoredFile.objects.filter(Q(owner_public_id=owner) | Q(pk__in=list(also)))

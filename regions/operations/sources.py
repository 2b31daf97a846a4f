"""Remembering where reference data came from, and which version of it is loaded."""

from __future__ import annotations

from django.utils import timezone

from regions.models import DataSource


def record(
    *, key: str, name: str, source: str, licence: str, dated: str, rows: int, checksum: str
) -> DataSource:
    """Note that this version of a piece of reference data is now in the tables."""
    row, _created = DataSource.objects.update_or_create(
        key=key,
        defaults={
            "name": name,
            "source": source,
            "licence": licence,
            "dated": dated,
            "rows": rows,
            "checksum": checksum,
            "loaded_at": timezone.now(),
        },
    )
    return row

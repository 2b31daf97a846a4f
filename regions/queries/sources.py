"""What reference data is loaded."""

from __future__ import annotations

from django.db.models import QuerySet

from regions.models import DataSource


def data_sources() -> QuerySet[DataSource]:
    """Every piece of reference data, for the page about the data; it is public knowledge, the same for everyone."""
    return DataSource.objects.all()


def loaded_checksums() -> dict[str, str]:
    """Key of each source → checksum of the files it was loaded from."""
    return dict(DataSource.objects.values_list("key", "checksum"))

"""A column that compares byte by byte on every database."""

from typing import Any

from django.db import models


class CodeField(models.CharField):
    """Text ordered by bytes (collation C on PostgreSQL, BINARY on SQLite), so that range look-ups hold everywhere.

    A linguistic collation ignores dots at first, which would make ``gte "64.07", lt "64.07/"`` return other regions.
    Foreign keys to such a column take the collation with them.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters

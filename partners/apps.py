from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        connection_created.connect(_teach_sqlite, dispatch_uid="partners.search")


def _teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """SQLite has no trigrams: misspelled names are found by a function of ours."""
    if connection.vendor == "sqlite":
        from partners.search import resembles

        connection.connection.create_function("rembuk_resembles", 2, resembles, deterministic=True)

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        """What lower apps and leaves ask of the registry: may a message go, may a file be opened, how a job is done."""
        connection_created.connect(_teach_sqlite, dispatch_uid="partners.search")
        from accounts import moves as accounts_moves
        from audit import visibility
        from files import access
        from jobs import kinds
        from outbox import gates as outbox_gates
        from partners import gates
        from partners.choices import CONSENT_REQUEST
        from partners.operations import consents, moves, reindex
        from partners.queries import moves as census
        from partners.queries.organizations import organizations_visible_to
        from partners.queries.partners import partners_visible_to

        outbox_gates.register(CONSENT_REQUEST, gates.may_ask_for_consent)
        visibility.register("partner", visibility.through(partners_visible_to))
        visibility.register("organization", visibility.through(organizations_visible_to))
        access.register(consents.SHEET_PURPOSE, gates.may_open_sheet)
        kinds.register(
            kinds.Kind(
                name=reindex.KIND,
                label=_("Rebuild the search keys"),
                total=reindex.count_all,
                step=reindex.step,
            )
        )
        accounts_moves.register(
            accounts_moves.Movers(census=census.census, move=moves.move, held_by=census.held_by)
        )
        kinds.register(
            kinds.Kind(
                name=moves.KIND,
                label=_("Move partners to another unit"),
                total=moves.count_all,
                step=moves.step,
            )
        )


def _teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """SQLite has no trigrams: misspelled names are found by a function of ours."""
    if connection.vendor == "sqlite":
        from partners.search import resembles

        connection.connection.create_function("rembuk_resembles", 2, resembles, deterministic=True)

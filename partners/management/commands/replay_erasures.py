"""After a backup was restored: erase again whom the ledger of erasures names."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners.operations import erasure


class Command(BaseCommand):
    help = "Erases again everybody whom DATA_DIR/erasures.jsonl names. Run it after restoring a backup."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = erasure.replay()
        except ValueError as error:
            raise CommandError(f"{error} Mend the ledger, then run this again.") from error
        self.stdout.write(f"Erased again: {count}.")

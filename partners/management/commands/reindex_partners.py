"""Rebuild what partners are searched and ordered by, in the background."""

from typing import Any

from django.core.management.base import BaseCommand

from partners.operations import reindex


class Command(BaseCommand):
    help = "Queues the rebuilding of all partners' search keys; the sweep does it in batches."

    def handle(self, *args: Any, **options: Any) -> None:
        job = reindex.start(by=None)
        self.stdout.write(f"Queued as job {job.public_id}.")

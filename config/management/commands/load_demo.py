from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo import officers, sample
from reports.operations import tallies


class Command(BaseCommand):
    help = "Load the sample data: three real evenings with invented guests. Run again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="load beside real data, on a copy made for training"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if sample.is_loaded():
            self._refuse_weak_password()
            officers.keep_password()
            return
        if sample.holds_real_data() and not options["force"]:
            raise CommandError(
                "this database holds real partners, events or officers. Demo data belongs on a database of its own; "
                "--force loads it all the same."
            )
        self._refuse_weak_password()
        self.stdout.write("Loading the demo data ...")
        try:
            sample.load()
        except ValidationError as refusal:
            if getattr(refusal, "code", None) != "taken":
                raise
            raise CommandError(refusal.messages[0]) from refusal
        # The first screen shows figures from the first visit on, before the sweep comes by.
        tallies.refresh()

    def _refuse_weak_password(self) -> None:
        try:
            sample.check_password(settings.DEMO_PASSWORD)
        except ValidationError as refusal:
            raise CommandError(refusal.messages[0]) from refusal

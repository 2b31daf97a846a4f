from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.models import Officer


class Command(BaseCommand):
    help = "Print the demo accounts and their password; nothing where no demo data is loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        officers = list(
            Officer.objects.filter(is_demo=True, is_active=True).select_related("unit").order_by("pk")
        )
        if not officers:
            return
        rows = [("user", "role", "unit", "password")]
        rows += [
            (officer.username, officer.role, officer.unit.short_name, settings.DEMO_PASSWORD)
            for officer in officers
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        self.stdout.write("Demo accounts:")
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            self.stdout.write(f"  {'  '.join(cells)}".rstrip())

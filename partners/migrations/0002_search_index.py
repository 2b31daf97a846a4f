"""The trigram index that serves the name search (PostgreSQL; SQLite scans the few rows of one office)."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX partner_by_search ON partners_partner USING gin (search_key gin_trgm_ops)"
        )


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS partner_by_search")


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [TrigramExtension(), migrations.RunPython(forward, backward)]

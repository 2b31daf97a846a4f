"""Leave a tenth of each page free (PostgreSQL): the day on which somebody last came changes with every evening, and a
row that finds its new place on the same page is written without touching the indexes, the one of names least of all."""

from django.db import migrations


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE partners_partner SET (fillfactor = 90)")


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE partners_partner RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_consent_text_publisher")]
    operations = [migrations.RunPython(forward, backward)]

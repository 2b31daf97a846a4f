"""Refuse UPDATE and DELETE on audit entries in the database itself (PostgreSQL)."""

from django.db import migrations

from audit.recording import protect, unprotect


def forward(apps, schema_editor):
    protect(schema_editor, "audit_entry")


def backward(apps, schema_editor):
    unprotect(schema_editor, "audit_entry")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]

"""Refuse UPDATE and DELETE on scans in the database itself (PostgreSQL)."""

from django.db import migrations

from audit.recording import protect, unprotect


def forward(apps, schema_editor):
    protect(schema_editor, "events_scan")


def backward(apps, schema_editor):
    unprotect(schema_editor, "events_scan")


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]

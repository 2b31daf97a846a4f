"""Rows that get a page of their own get a public id; those that stand are each given one."""

import uuid

from django.db import migrations, models


def give_ids(apps, schema_editor):
    for name in ("jurisdiction", "election"):
        model = apps.get_model("accounts", name)
        for row in model.objects.filter(public_id__isnull=True).only("pk").iterator():
            model.objects.filter(pk=row.pk).update(public_id=uuid.uuid4())


class Migration(migrations.Migration):
    # The rows are filled and the column changed in one transaction, which PostgreSQL refuses.
    atomic = False

    dependencies = [("accounts", "0003_unit_letterhead_and_approval")]

    operations = [
        migrations.AddField("jurisdiction", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, null=True)),
        migrations.AddField("election", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, null=True)),
        migrations.RunPython(give_ids, migrations.RunPython.noop),
        migrations.AlterField("jurisdiction", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
        migrations.AlterField("election", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
    ]

"""Indexes of facts that no other one covers: a mark is written into few."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0010_attendance_sheet"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attendance",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attendances",
                to="events.event",
            ),
        ),
        migrations.AlterField(
            model_name="scan",
            name="participant",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="scans",
                to="events.participant",
            ),
        ),
        migrations.AlterField(
            model_name="scan",
            name="pledge_text",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="events.pledgetext",
            ),
        ),
        migrations.AlterField(
            model_name="scan",
            name="undoes",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="undone_by",
                to="events.scan",
            ),
        ),
        migrations.AddIndex(
            model_name="scan",
            index=models.Index(
                condition=models.Q(("undoes__isnull", False)), fields=["undoes"], name="scan_by_undone"
            ),
        ),
        migrations.AddIndex(
            model_name="scan",
            index=models.Index(
                condition=models.Q(("pledge_text__isnull", False)),
                fields=["pledge_text"],
                name="scan_by_pledge_text",
            ),
        ),
    ]

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Attendance sheets as they were printed, so that the numbers on the paper stay true."""

    dependencies = [
        ("events", "0009_undo_before_its_fact"),
    ]

    operations = [
        migrations.CreateModel(
            name="AttendanceSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("made_by_id", models.BigIntegerField()),
                ("rows", models.JSONField(default=list, editable=False)),
                ("blank_rows", models.PositiveSmallIntegerField(default=10)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sheets", to="events.event"
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("blank_rows__lte", 100)), name="sheet_blank_rows_few"
                    )
                ],
            },
        ),
    ]

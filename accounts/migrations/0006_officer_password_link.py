"""The one link by which an officer chooses a password: which one counts, and until when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_edited_by_administrators")]

    operations = [
        migrations.AddField(
            "officer", "link_version", models.PositiveIntegerField(default=0, editable=False)
        ),
        migrations.AddField(
            "officer", "link_expires_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
    ]

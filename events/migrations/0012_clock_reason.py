from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0011_indexes_of_facts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='scan',
            name='review_reason',
            field=models.CharField(blank=True, choices=[('device', 'the phone was no longer admitted'), ('token', 'the code was replaced or taken back'), ('unknown', 'nobody on the list has this code'), ('erased', 'the person was erased'), ('closed', 'the event was cancelled or closed'), ('clock', 'the clock of the phone does not fit'), ('late_undo', 'undone after more than 15 minutes')], max_length=10),
        ),
    ]

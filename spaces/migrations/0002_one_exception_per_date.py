"""django-scheduler lets a date have two exceptions, and then fails at every later reading of the arrangement."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("spaces", "0001_initial"), ("schedule", "0015_rename_indexes")]

    operations = [
        migrations.RunSQL(
            "create unique index one_exception_per_date on schedule_occurrence (event_id, original_start)",
            "drop index one_exception_per_date",
        )
    ]

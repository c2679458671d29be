import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("bookings", "0006_what_was_given_up_is_remembered"),
        ("spaces", "0003_one_exception_per_date"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingCalendar",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("reading", models.JSONField()),
                ("read_at", models.DateTimeField()),
                ("hub", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pending_calendars", to="spaces.hub")),
                ("space", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pending_calendars", to="spaces.space")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pending_calendars", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("hub", "user"), name="one_pending_calendar_at_a_time")],
            },
        ),
    ]

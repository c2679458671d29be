"""What waits for its PDF stands in a table of its own, so that the sweep never looks through all invoices."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_initial")]

    operations = [
        migrations.RenameModel("FailedDocument", "AwaitedDocument"),
        migrations.AlterField(
            "awaiteddocument",
            "invoice",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="awaited", to="billing.invoice"
            ),
        ),
        migrations.AlterField("awaiteddocument", "error", models.CharField(blank=True, max_length=500)),
        migrations.AlterField("awaiteddocument", "attempts", models.PositiveSmallIntegerField(default=0)),
        migrations.AlterField("awaiteddocument", "tried_at", models.DateTimeField(blank=True, null=True)),
    ]

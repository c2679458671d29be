from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_initial")]

    operations = [
        migrations.AddField("challenge", "option_until", models.DateTimeField(null=True)),
        migrations.RunSQL(
            "update bookings_challenge set option_until = due_at; set constraints all immediate", migrations.RunSQL.noop
        ),
        migrations.AlterField("challenge", "option_until", models.DateTimeField()),
    ]

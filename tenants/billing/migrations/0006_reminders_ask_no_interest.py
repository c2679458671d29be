from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_credits_in_parts")]

    operations = [migrations.RemoveField(model_name="reminder", name="interest")]

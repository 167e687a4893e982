from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supplies", "0006_life_and_shelf")]

    operations = [
        migrations.AddField(
            model_name="slot",
            name="panel",
            field=models.CharField(blank=True, default="", db_default="", max_length=10),
        ),
        migrations.AddField(
            model_name="slot", name="panel_disagrees", field=models.BooleanField(db_default=False, default=False)
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0006_merged_told_apart"),
    ]

    operations = [
        migrations.AddField(model_name="assistant", name="clock_skew_s", field=models.BigIntegerField(null=True)),
    ]

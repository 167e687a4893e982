from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="fit",
            name="source",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]

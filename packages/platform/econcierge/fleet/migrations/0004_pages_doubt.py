from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0003_connecting"),
    ]

    operations = [
        migrations.AddField(model_name="printer", name="pages_doubt", field=models.JSONField(null=True)),
    ]

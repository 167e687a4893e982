import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0005_one_new_token"),
    ]

    operations = [
        migrations.AddField(
            model_name="printer",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="fleet.printer"
            ),
        ),
        migrations.AddField(model_name="printer", name="told_apart_at", field=models.DateTimeField(null=True)),
        *walls.same_customer("fleet_printer", merged_into_id="fleet_printer"),
    ]

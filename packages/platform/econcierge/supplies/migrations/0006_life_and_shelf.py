import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("fleet", "0004_pages_doubt"),
        ("supplies", "0005_course"),
    ]

    operations = [
        migrations.AddField(model_name="cartridge", name="confidence", field=models.FloatField(default=1.0)),
        migrations.AddField(model_name="cartridge", name="end_pages", field=models.BigIntegerField(null=True)),
        migrations.AddField(
            model_name="cartridge",
            name="end_state",
            field=models.CharField(blank=True, default="", max_length=16),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="ShelfCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveSmallIntegerField()),
                ("counted_at", models.DateTimeField()),
                ("counted_by_id", models.BigIntegerField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
                ),
                ("part", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.part")),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="fleet.site")),
            ],
            options={
                "indexes": [models.Index(fields=["customer", "site", "part", "-id"], name="shelf_count_latest")],
            },
        ),
        *walls.customer_wall("supplies_shelfcount"),
        *walls.same_customer("supplies_shelfcount", site_id="fleet_site"),
    ]

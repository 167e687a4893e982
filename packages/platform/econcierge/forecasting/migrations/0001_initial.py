import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0002_connecting"),
        ("supplies", "0006_life_and_shelf"),
    ]

    operations = [
        migrations.CreateModel(
            name="FleetExperience",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model_name", models.CharField(max_length=200, unique=True)),
                ("figures", models.JSONField()),
                ("series", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SupplyForecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("p10_days", models.FloatField(null=True)),
                ("p50_days", models.FloatField(null=True)),
                ("p90_days", models.FloatField(null=True)),
                ("p_empty_7d", models.FloatField(null=True)),
                ("p_empty_14d", models.FloatField(null=True)),
                ("basis", models.CharField(max_length=8)),
                (
                    "cartridge",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="supplies.cartridge",
                    ),
                ),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer")),
                (
                    "slot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="forecast", to="supplies.slot"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Said",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said_on", models.DateField()),
                ("p10_on", models.DateField()),
                ("p50_on", models.DateField()),
                ("p90_on", models.DateField()),
                (
                    "cartridge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="said", to="supplies.cartridge"
                    ),
                ),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer")),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="said", to="supplies.slot"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "cartridge", "said_on"), name="forecast_said_once")
                ],
            },
        ),
        *walls.customer_wall("forecasting_supplyforecast", "forecasting_said"),
        *walls.same_customer("forecasting_supplyforecast", slot_id="supplies_slot", cartridge_id="supplies_cartridge"),
        *walls.same_customer("forecasting_said", slot_id="supplies_slot", cartridge_id="supplies_cartridge"),
    ]

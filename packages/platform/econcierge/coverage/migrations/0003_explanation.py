import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("coverage", "0002_standard_terms"),
        ("supplies", "0006_life_and_shelf"),
    ]

    operations = [
        migrations.CreateModel(
            name="Explanation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("reason", models.CharField(max_length=20)),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(blank=True, max_length=120)),
                (
                    "cartridge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="explanations",
                        to="supplies.cartridge",
                    ),
                ),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "contest")),
                        fields=("customer", "cartridge"),
                        name="contested_once",
                    )
                ],
            },
        ),
        *walls.customer_wall("coverage_explanation"),
        *walls.same_customer("coverage_explanation", cartridge_id="supplies_cartridge"),
        *walls.append_only("coverage_explanation"),
    ]

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Part",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("part_number", models.CharField(max_length=40, unique=True)),
                ("manufacturer", models.CharField(default="Xerox", max_length=60)),
                ("kind", models.CharField(max_length=20)),
                ("colour", models.CharField(blank=True, max_length=20)),
                ("capacity_class", models.CharField(blank=True, max_length=20)),
                ("sold", models.CharField(default="unknown", max_length=12)),
                ("yield_pages", models.PositiveIntegerField(blank=True, null=True)),
                ("yield_method", models.CharField(blank=True, max_length=40)),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4), blank=True, default=list, size=None
                    ),
                ),
                ("eligible", models.BooleanField(default=True)),
                ("gtin", models.CharField(blank=True, max_length=14)),
                ("unspsc", models.CharField(blank=True, max_length=8)),
                ("source", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="PrinterModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("manufacturer", models.CharField(default="Xerox", max_length=60)),
                ("family", models.CharField(blank=True, max_length=60)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("colour", models.CharField(blank=True, max_length=10)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), blank=True, default=list, size=None
                    ),
                ),
                ("listed_from", models.DateField(blank=True, null=True)),
                ("listed_to", models.DateField(blank=True, null=True)),
                ("support_ends_on", models.DateField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("listed_to__isnull", True),
                            models.Q(("listed_from__isnull", False), ("listed_to__gt", models.F("listed_from"))),
                            _connector="OR",
                        ),
                        name="model_listed_period",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("unit_price_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CAD", max_length=3)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "dealer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.dealer"),
                ),
                ("part", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.part")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["dealer", "part", "valid_from"], name="catalogue_p_dealer__3ae9b9_idx")
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("unit_price_minor__gt", 0)), name="price_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="price_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelThreshold",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("supply_kind", models.CharField(max_length=20)),
                ("low_percent", models.PositiveSmallIntegerField()),
                ("almost_empty_percent", models.PositiveSmallIntegerField()),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="thresholds",
                        to="catalogue.printermodel",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("model", "supply_kind"), name="threshold_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("almost_empty_percent__lt", models.F("low_percent")), ("low_percent__lt", 100)
                        ),
                        name="threshold_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fit",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fits", to="catalogue.part"
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fits",
                        to="catalogue.printermodel",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("part", "model"), name="fit_once")],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE catalogue_price ADD CONSTRAINT price_periods_apart EXCLUDE USING gist ("
            "int8range(dealer_id, dealer_id, '[]') WITH &&, int8range(part_id, part_id, '[]') WITH &&,"
            "daterange(valid_from, valid_to) WITH &&)",
            "ALTER TABLE catalogue_price DROP CONSTRAINT price_periods_apart",
        ),
        *walls.dealer_wall("catalogue_price"),
    ]

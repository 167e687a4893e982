import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.SlugField()),
                ("name", models.CharField(max_length=120)),
                ("contact", models.CharField(blank=True, max_length=120)),
                ("address_line_1", models.CharField(max_length=120)),
                ("address_line_2", models.CharField(blank=True, max_length=120)),
                ("city", models.CharField(max_length=80)),
                ("region", models.CharField(max_length=3)),
                ("postal_code", models.CharField(max_length=10)),
                ("country", models.CharField(default="CA", max_length=2)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sites",
                        to="accounts.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Printer",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("label", models.CharField(blank=True, max_length=120)),
                ("place", models.CharField(blank=True, max_length=120)),
                ("manufacturer", models.CharField(blank=True, max_length=60)),
                ("model_name", models.CharField(blank=True, max_length=120)),
                ("serial", models.CharField(blank=True, max_length=60)),
                ("serial_key", models.CharField(blank=True, max_length=60)),
                ("mac", models.CharField(blank=True, max_length=17)),
                ("hostname", models.CharField(blank=True, max_length=120)),
                ("firmware", models.CharField(blank=True, max_length=120)),
                ("target", models.CharField(blank=True, max_length=120)),
                ("networked", models.BooleanField(default=True)),
                ("managed_print", models.BooleanField(default=False)),
                ("installed_on", models.DateField(blank=True, null=True)),
                ("warranty_ends_on", models.DateField(blank=True, null=True)),
                ("extension_ends_on", models.DateField(blank=True, null=True)),
                ("first_read_at", models.DateTimeField(null=True)),
                ("last_read_at", models.DateTimeField(null=True)),
                ("state", models.CharField(default="unknown", max_length=12)),
                ("conditions", models.JSONField(default=list)),
                ("console", models.JSONField(default=list)),
                ("device_alerts", models.JSONField(default=list)),
                ("pages_total", models.BigIntegerField(null=True)),
                ("pages_unit", models.CharField(default="unknown", max_length=12)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="printers",
                        to="accounts.customer",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.printermodel"
                    ),
                ),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="fleet.site")),
            ],
        ),
        migrations.CreateModel(
            name="Assistant",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=120)),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("paired_at", models.DateTimeField()),
                ("last_report_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
                ),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="fleet.site")),
            ],
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.UniqueConstraint(fields=("customer", "slug"), name="site_slug"),
        ),
        migrations.AddIndex(
            model_name="printer",
            index=models.Index(fields=["customer", "mac"], name="fleet_print_custome_b1120c_idx"),
        ),
        migrations.AddIndex(
            model_name="printer",
            index=models.Index(fields=["customer", "hostname"], name="fleet_print_custome_916b7f_idx"),
        ),
        migrations.AddConstraint(
            model_name="printer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("serial_key", ""), _negated=True),
                fields=("customer", "serial_key"),
                name="printer_serial",
            ),
        ),
        *walls.customer_wall("fleet_site", "fleet_assistant", "fleet_printer"),
        *walls.same_customer("fleet_assistant", site_id="fleet_site"),
        *walls.same_customer("fleet_printer", site_id="fleet_site"),
    ]

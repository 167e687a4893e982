import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
        ("fleet", "0001_initial"),
        ("supplies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("programme", models.CharField(default="standard-ca", max_length=40)),
                ("enrolled_on", models.DateField()),
                ("left_on", models.DateField(blank=True, null=True)),
                ("outside_supply_decided_on", models.DateField(blank=True, null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
                ),
                (
                    "printer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enrolment",
                        to="fleet.printer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReplacementVerdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField()),
                ("verdict", models.CharField(max_length=14)),
                ("evidence", models.JSONField(default=dict)),
                ("decided_by_id", models.BigIntegerField(null=True)),
                (
                    "cartridge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="supplies.cartridge",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TermsVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("programme", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("values", models.JSONField()),
                ("sources", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "version"), name="terms_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="terms_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("decided_at", models.DateTimeField()),
                ("on", models.DateField()),
                ("status", models.CharField(max_length=14)),
                ("reasons", models.JSONField()),
                ("qualifying", models.PositiveIntegerField()),
                ("required", models.PositiveIntegerField()),
                ("active_from", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("next_step", models.CharField(max_length=24)),
                ("terms_version", models.CharField(max_length=60)),
                ("facts", models.JSONField()),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
                ),
                (
                    "printer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverage_decisions",
                        to="fleet.printer",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["customer", "printer", "-id"], name="coverage_de_custome_2fa377_idx")],
            },
        ),
        *walls.customer_wall("coverage_enrolment", "coverage_replacementverdict", "coverage_decision"),
        *walls.same_customer("coverage_enrolment", printer_id="fleet_printer"),
        *walls.same_customer("coverage_replacementverdict", cartridge_id="supplies_cartridge"),
        *walls.same_customer("coverage_decision", printer_id="fleet_printer"),
        *walls.append_only("coverage_replacementverdict", "coverage_decision", "coverage_termsversion"),
    ]

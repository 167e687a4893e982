import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
        ("fleet", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cartridge",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("sequence", models.PositiveIntegerField()),
                ("part_number", models.CharField(blank=True, max_length=40)),
                ("serial", models.CharField(blank=True, max_length=60)),
                ("installed_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("start_percent", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("end_percent", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("start_pages", models.BigIntegerField(null=True)),
                ("evidence", models.CharField(max_length=12)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("index", models.CharField(max_length=24)),
                ("kind", models.CharField(max_length=20)),
                ("colour", models.CharField(blank=True, max_length=20)),
                ("supply_class", models.CharField(max_length=10)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("unit", models.CharField(default="unknown", max_length=20)),
                ("source", models.CharField(default="printer-mib", max_length=20)),
                ("state", models.CharField(max_length=16)),
                ("percent", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("raw_level", models.BigIntegerField(null=True)),
                ("raw_capacity", models.BigIntegerField(null=True)),
                ("measured_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("pending_rise", models.JSONField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "cartridge",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="supplies.cartridge",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
                ),
                (
                    "printer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="fleet.printer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LevelChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField()),
                ("state", models.CharField(max_length=16)),
                ("percent", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("raw_level", models.BigIntegerField(null=True)),
                ("raw_capacity", models.BigIntegerField(null=True)),
                ("pages_total", models.BigIntegerField(null=True)),
                (
                    "cartridge",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="supplies.cartridge"),
                ),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="levels", to="supplies.slot"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="cartridge",
            name="slot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="cartridges", to="supplies.slot"
            ),
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("message_id", models.UUIDField()),
                ("sent_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("readings", models.PositiveSmallIntegerField()),
                (
                    "assistant",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="fleet.assistant"),
                ),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "assistant", "message_id"), name="report_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("customer", "printer", "index"), name="slot_index"),
        ),
        migrations.AddConstraint(
            model_name="levelchange",
            constraint=models.UniqueConstraint(fields=("customer", "slot", "at"), name="level_change_once"),
        ),
        migrations.AddConstraint(
            model_name="cartridge",
            constraint=models.UniqueConstraint(fields=("customer", "slot", "sequence"), name="cartridge_sequence"),
        ),
        migrations.AddConstraint(
            model_name="cartridge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("customer", "slot"),
                name="cartridge_one_in_slot",
            ),
        ),
        *walls.customer_wall("supplies_report", "supplies_slot", "supplies_cartridge", "supplies_levelchange"),
        *walls.same_customer("supplies_report", assistant_id="fleet_assistant"),
        *walls.same_customer("supplies_slot", printer_id="fleet_printer", cartridge_id="supplies_cartridge"),
        *walls.same_customer("supplies_cartridge", slot_id="supplies_slot"),
        *walls.same_customer("supplies_levelchange", slot_id="supplies_slot", cartridge_id="supplies_cartridge"),
    ]

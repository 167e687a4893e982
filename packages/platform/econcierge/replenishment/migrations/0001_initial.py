import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
        ("catalogue", "0002_fit_source"),
        ("fleet", "0002_pages_before_hostname_key"),
        ("orders", "0003_order_not_shipped"),
        ("supplies", "0004_refused_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StandingOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=8)),
                ("stop_reason", models.CharField(blank=True, max_length=20)),
                ("choice", models.CharField(max_length=12)),
                ("per_order_minor", models.BigIntegerField()),
                ("per_month_minor", models.BigIntegerField()),
                ("approve_above_minor", models.BigIntegerField(null=True)),
                ("approver", models.CharField(max_length=24)),
                ("price_jump_percent", models.PositiveSmallIntegerField()),
                ("currency", models.CharField(default="CAD", max_length=3)),
                ("confirmed_on", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_orders",
                        to="accounts.customer",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.part"),
                ),
                (
                    "printer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="standing_orders", to="fleet.printer"
                    ),
                ),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="fleet.site")),
                (
                    "slot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_orders",
                        to="supplies.slot",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProposedOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("proposed_at", models.DateTimeField()),
                ("places_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("needs_approval", models.BooleanField(default=False)),
                ("total_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CAD", max_length=3)),
                ("expected_on", models.DateField(null=True)),
                ("submission_key", models.UUIDField(null=True, unique=True)),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer")),
                (
                    "order",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="orders.order",
                    ),
                ),
                (
                    "standing_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="replenishment.standingorder",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StandingOrderEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("from_state", models.CharField(blank=True, max_length=8)),
                ("to_state", models.CharField(max_length=8)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("details", models.JSONField(default=dict)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer")),
                (
                    "standing_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="replenishment.standingorder",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProposedOrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveSmallIntegerField()),
                ("unit_price_minor", models.BigIntegerField()),
                ("order_by_on", models.DateField(null=True)),
                ("percent", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ("p10_on", models.DateField(null=True)),
                ("p90_on", models.DateField(null=True)),
                (
                    "cartridge",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="supplies.cartridge",
                    ),
                ),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer")),
                ("part", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.part")),
                (
                    "proposed_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="replenishment.proposedorder",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proposed_lines", to="supplies.slot"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "proposed_order", "slot"), name="proposed_line_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="proposed_line_quantity"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposedOrderMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("from_state", models.CharField(blank=True, max_length=10)),
                ("to_state", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer")),
                (
                    "proposed_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="replenishment.proposedorder",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["customer", "proposed_order", "at"], name="proposed_move_story")],
            },
        ),
        migrations.CreateModel(
            name="ReportChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes_a_visit", models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="report_choice",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minutes_a_visit__isnull", True), ("minutes_a_visit__gt", 0), _connector="OR"
                        ),
                        name="report_minutes",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="standingorder",
            index=models.Index(condition=models.Q(("state", "on")), fields=["customer"], name="standing_order_on"),
        ),
        migrations.AddConstraint(
            model_name="standingorder",
            constraint=models.UniqueConstraint(
                fields=("customer", "printer", "slot"), name="standing_order_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="standingorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_order_minor__gt", 0), ("per_month_minor__gte", models.F("per_order_minor"))),
                name="standing_order_limits",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("choice", "part"), ("part__isnull", False), ("slot__isnull", False)),
                    models.Q(models.Q(("choice", "part"), _negated=True), ("part__isnull", True)),
                    _connector="OR",
                ),
                name="standing_order_part",
            ),
        ),
        migrations.AddIndex(
            model_name="proposedorder",
            index=models.Index(
                condition=models.Q(("state__in", ["announced", "approved"])),
                fields=["places_at"],
                name="proposed_order_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposedorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "announced", "approved"])),
                fields=("customer", "standing_order"),
                name="proposed_order_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposedorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", False), ("state", "placed")),
                    models.Q(("state", "placed"), _negated=True),
                    _connector="OR",
                ),
                name="proposed_order_placed",
            ),
        ),
        migrations.AddIndex(
            model_name="standingorderevent",
            index=models.Index(fields=["customer", "standing_order", "at"], name="standing_event_story"),
        ),
        *walls.customer_wall(
            "replenishment_standingorder",
            "replenishment_standingorderevent",
            "replenishment_proposedorder",
            "replenishment_proposedorderline",
            "replenishment_proposedordermove",
            "replenishment_reportchoice",
        ),
        *walls.same_customer(
            "replenishment_standingorder", printer_id="fleet_printer", slot_id="supplies_slot", site_id="fleet_site"
        ),
        *walls.same_customer("replenishment_standingorderevent", standing_order_id="replenishment_standingorder"),
        *walls.same_customer(
            "replenishment_proposedorder", standing_order_id="replenishment_standingorder", order_id="orders_order"
        ),
        *walls.same_customer(
            "replenishment_proposedorderline",
            proposed_order_id="replenishment_proposedorder",
            slot_id="supplies_slot",
            cartridge_id="supplies_cartridge",
        ),
        *walls.same_customer("replenishment_proposedordermove", proposed_order_id="replenishment_proposedorder"),
        *walls.append_only("replenishment_standingorderevent", "replenishment_proposedordermove"),
    ]

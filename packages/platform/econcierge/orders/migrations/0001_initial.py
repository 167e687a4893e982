import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("fleet", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "dealer",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="accounts.dealer"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("number", models.CharField(max_length=30)),
                ("submission_key", models.UUIDField()),
                ("placed_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("payment", models.CharField(default="on_account", max_length=12)),
                ("customer_reference", models.CharField(blank=True, max_length=60)),
                ("delivery", models.CharField(default="ground", max_length=12)),
                ("ship_to", models.JSONField()),
                ("ships_by_at", models.DateTimeField()),
                ("expected_on", models.DateField(null=True)),
                ("currency", models.CharField(default="CAD", max_length=3)),
                ("goods_minor", models.BigIntegerField()),
                ("shipping_minor", models.BigIntegerField(default=0)),
                ("taxes", models.JSONField(default=list)),
                ("total_minor", models.BigIntegerField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="accounts.customer",
                    ),
                ),
                (
                    "dealer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.dealer"),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="fleet.site")),
            ],
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                ("unit_price_minor", models.BigIntegerField()),
                ("eligible", models.BooleanField()),
                ("state", models.CharField(max_length=20)),
                ("quantity_shipped", models.PositiveIntegerField(default=0)),
                ("quantity_delivered", models.PositiveIntegerField(default=0)),
                ("delivered_on", models.DateField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="orders.order"
                    ),
                ),
                ("part", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.part")),
                (
                    "printer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="order_lines",
                        to="fleet.printer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField()),
                ("from_state", models.CharField(blank=True, max_length=20)),
                ("to_state", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("details", models.JSONField(default=dict)),
                ("actor_id", models.BigIntegerField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="orders.order"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="orders.orderline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("region", models.CharField(max_length=3)),
                ("code", models.CharField(max_length=4)),
                ("rate_ppm", models.PositiveIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("region", "code", "valid_from"), name="tax_rate_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="tax_rate_period",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["customer", "-placed_at"], name="orders_orde_custome_7b68ab_idx"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["dealer", "-placed_at"], name="orders_orde_dealer__3a8ca1_idx"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(fields=("customer", "submission_key"), name="order_submission"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(fields=("dealer", "number"), name="order_number"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(("total_minor__gte", 0)), name="order_total"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.UniqueConstraint(fields=("customer", "order", "position"), name="order_line_position"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="order_line_quantity"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity_delivered__lte", models.F("quantity_shipped")),
                    ("quantity_shipped__lte", models.F("quantity")),
                ),
                name="order_line_never_too_many",
            ),
        ),
        migrations.AddIndex(
            model_name="orderevent",
            index=models.Index(fields=["customer", "order", "at"], name="orders_orde_custome_3bff0f_idx"),
        ),
        *walls.wall("orders_numberseries", reads=walls.DEALER_READS, writes=walls.DEALER_READS),
        *walls.customer_wall("orders_order", "orders_orderline", "orders_orderevent"),
        *walls.same_customer("orders_order", site_id="fleet_site"),
        *walls.same_customer("orders_orderline", order_id="orders_order", printer_id="fleet_printer"),
        *walls.same_customer("orders_orderevent", order_id="orders_order", line_id="orders_orderline"),
        *walls.append_only("orders_orderevent"),
    ]

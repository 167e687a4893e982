import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Distributor",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=20)),
                ("base_url", models.URLField()),
                ("secret_variable", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("account_number", models.CharField(max_length=40)),
                ("number", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=20)),
                ("their_number", models.CharField(blank=True, max_length=40)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                ("sent_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "distributor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="fulfilment.distributor"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="orders.order",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PurchaseOrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("line", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                ("state", models.CharField(max_length=20)),
                ("expected_ship_on", models.DateField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "order_line",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="orders.orderline"),
                ),
                (
                    "purchase_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="fulfilment.purchaseorder",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("their_id", models.CharField(max_length=60)),
                ("carrier", models.CharField(max_length=60)),
                ("tracking_number", models.CharField(max_length=80)),
                ("tracking_url", models.URLField(blank=True, max_length=300)),
                ("shipped_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "purchase_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shipments",
                        to="fulfilment.purchaseorder",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShipmentLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("serials", models.JSONField(default=list)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "order_line",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="orders.orderline"),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="fulfilment.shipment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stock",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("cost_minor", models.BigIntegerField(null=True)),
                ("lead_days", models.PositiveSmallIntegerField(default=1)),
                ("as_of", models.DateTimeField()),
                (
                    "distributor",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="fulfilment.distributor"),
                ),
                ("part", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="catalogue.part")),
            ],
        ),
        migrations.CreateModel(
            name="DealerDistributor",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("account_number", models.CharField(max_length=40)),
                ("preference", models.PositiveSmallIntegerField(default=1)),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="distributors",
                        to="accounts.dealer",
                    ),
                ),
                (
                    "distributor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="fulfilment.distributor"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("dealer", "distributor"), name="dealer_distributor_once"),
                    models.UniqueConstraint(fields=("dealer", "preference"), name="dealer_distributor_preference"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="purchaseorder",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["next_attempt_at"],
                name="purchase_order_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.UniqueConstraint(fields=("distributor", "number"), name="purchase_order_number"),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.UniqueConstraint(fields=("customer", "order", "distributor"), name="purchase_order_once"),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.UniqueConstraint(
                fields=("customer", "purchase_order", "line"), name="purchase_order_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(fields=("customer", "purchase_order", "their_id"), name="shipment_once"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delivered_at__isnull", True),
                    ("delivered_at__gte", models.F("shipped_at")),
                    _connector="OR",
                ),
                name="shipment_order_of_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="shipmentline",
            constraint=models.UniqueConstraint(fields=("customer", "shipment", "order_line"), name="shipment_line"),
        ),
        migrations.AddConstraint(
            model_name="stock",
            constraint=models.UniqueConstraint(fields=("distributor", "part"), name="stock_once"),
        ),
        *walls.dealer_wall("fulfilment_dealerdistributor"),
        *walls.customer_wall(
            "fulfilment_purchaseorder",
            "fulfilment_purchaseorderline",
            "fulfilment_shipment",
            "fulfilment_shipmentline",
        ),
        *walls.same_customer("fulfilment_purchaseorder", order_id="orders_order"),
        *walls.same_customer(
            "fulfilment_purchaseorderline",
            purchase_order_id="fulfilment_purchaseorder",
            order_line_id="orders_orderline",
        ),
        *walls.same_customer("fulfilment_shipment", purchase_order_id="fulfilment_purchaseorder"),
        *walls.same_customer(
            "fulfilment_shipmentline", shipment_id="fulfilment_shipment", order_line_id="orders_orderline"
        ),
    ]

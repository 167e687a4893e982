import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from econcierge.core import walls

PROVIDER_SEES = """
    OR ((SELECT econcierge_scope()) = 'provider' AND provider_id = (SELECT econcierge_setting_id('provider_id')))
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
        ("fleet", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("number", models.CharField(max_length=30, unique=True)),
                ("submission_key", models.UUIDField()),
                ("opened_at", models.DateTimeField()),
                ("problem", models.TextField(max_length=2000)),
                ("contact_name", models.CharField(max_length=120)),
                ("contact_phone", models.CharField(blank=True, max_length=40)),
                ("covered", models.BooleanField()),
                ("coverage", models.JSONField()),
                ("machine", models.JSONField()),
                ("place", models.JSONField()),
                ("state", models.CharField(max_length=12)),
                ("visit_on", models.DateField(null=True)),
                ("work_done", models.TextField(blank=True, max_length=2000)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "printer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_requests",
                        to="fleet.printer",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="accounts.provider"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServiceEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("provider_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("from_state", models.CharField(blank=True, max_length=12)),
                ("to_state", models.CharField(max_length=12)),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("actor_id", models.BigIntegerField(null=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.customer"),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="service.servicerequest",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="servicerequest",
            index=models.Index(fields=["customer", "-opened_at"], name="service_ser_custome_404674_idx"),
        ),
        migrations.AddIndex(
            model_name="servicerequest",
            index=models.Index(fields=["provider", "-opened_at"], name="service_ser_provide_fe8796_idx"),
        ),
        migrations.AddConstraint(
            model_name="servicerequest",
            constraint=models.UniqueConstraint(
                fields=("customer", "submission_key"), name="service_request_submission"
            ),
        ),
        *walls.wall(
            "service_servicerequest",
            reads=walls.CUSTOMER_SEES + PROVIDER_SEES,
            writes=walls.CUSTOMER_SEES + PROVIDER_SEES,
        ),
        *walls.wall(
            "service_serviceevent",
            reads=walls.CUSTOMER_SEES + PROVIDER_SEES,
            writes=walls.CUSTOMER_SEES + PROVIDER_SEES,
        ),
        *walls.same_customer("service_servicerequest", printer_id="fleet_printer"),
        *walls.same_customer("service_serviceevent", request_id="service_servicerequest"),
        *walls.append_only("service_serviceevent"),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dealer",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("website", models.URLField(blank=True)),
                ("postal_address", models.CharField(blank=True, max_length=300)),
                ("accent_colour", models.CharField(blank=True, max_length=7)),
                ("tax_numbers", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("regions", models.JSONField(default=list)),
                ("postal_prefixes", models.JSONField(default=list)),
                ("models_served", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr-ca", "French"), ("en-ca", "English")],
                        default="fr-ca",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("is_staff", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("date_joined", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "language",
                    models.CharField(
                        choices=[("fr-ca", "French"), ("en-ca", "English")], default="fr-ca", max_length=5
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="accounts.dealer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("customer_admin", "customer_admin"),
                            ("customer_buyer", "customer_buyer"),
                            ("customer_viewer", "customer_viewer"),
                            ("dealer_admin", "dealer_admin"),
                            ("dealer_agent", "dealer_agent"),
                            ("provider_technician", "provider_technician"),
                            ("operator_admin", "operator_admin"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="accounts.customer",
                    ),
                ),
                (
                    "dealer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="accounts.dealer",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="accounts.provider",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("customer__isnull", False),
                                ("dealer__isnull", True),
                                ("provider__isnull", True),
                                ("role__startswith", "customer_"),
                            ),
                            models.Q(
                                ("customer__isnull", True),
                                ("dealer__isnull", False),
                                ("provider__isnull", True),
                                ("role__startswith", "dealer_"),
                            ),
                            models.Q(
                                ("customer__isnull", True),
                                ("dealer__isnull", True),
                                ("provider__isnull", False),
                                ("role__startswith", "provider_"),
                            ),
                            models.Q(
                                ("customer__isnull", True),
                                ("dealer__isnull", True),
                                ("provider__isnull", True),
                                ("role__startswith", "operator_"),
                            ),
                            _connector="OR",
                        ),
                        name="membership_fits_role",
                    ),
                    models.UniqueConstraint(
                        fields=("customer", "dealer", "provider", "user"),
                        name="membership_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        *walls.wall(
            "accounts_customer",
            reads="""
                (SELECT econcierge_scope()) = 'all'
                OR ((SELECT econcierge_scope()) = 'customer' AND id = (SELECT econcierge_setting_id('customer_id')))
                OR ((SELECT econcierge_scope()) = 'dealer' AND dealer_id = (SELECT econcierge_setting_id('dealer_id')))
            """,
            writes="""
                (SELECT econcierge_scope()) = 'all'
                OR ((SELECT econcierge_scope()) = 'customer' AND id = (SELECT econcierge_setting_id('customer_id')))
                OR ((SELECT econcierge_scope()) = 'dealer' AND dealer_id = (SELECT econcierge_setting_id('dealer_id')))
            """,
        ),
        *walls.wall(
            "accounts_membership",
            reads="""
                (SELECT econcierge_scope()) = 'all'
                OR user_id = (SELECT econcierge_setting_id('user_id'))
                OR ((SELECT econcierge_scope()) = 'customer'
                    AND (customer_id = (SELECT econcierge_setting_id('customer_id'))))
                OR ((SELECT econcierge_scope()) = 'dealer'
                    AND (dealer_id = (SELECT econcierge_setting_id('dealer_id'))
                        OR customer_id IN (SELECT c.id FROM accounts_customer c
                            WHERE c.dealer_id = (SELECT econcierge_setting_id('dealer_id')))))
            """,
            writes="""
                (SELECT econcierge_scope()) = 'all'
                OR ((SELECT econcierge_scope()) = 'customer'
                    AND customer_id = (SELECT econcierge_setting_id('customer_id')))
                OR ((SELECT econcierge_scope()) = 'dealer'
                    AND (dealer_id = (SELECT econcierge_setting_id('dealer_id'))
                        OR customer_id IN (SELECT c.id FROM accounts_customer c
                            WHERE c.dealer_id = (SELECT econcierge_setting_id('dealer_id')))))
            """,
        ),
    ]

from django.db import migrations, models

from econcierge.core import walls

OWN_DEEDS = "OR actor_id = (SELECT econcierge_setting_id('user_id')) "


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField()),
                ("customer_id", models.BigIntegerField(null=True)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=120)),
                ("action", models.CharField(max_length=60)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.CharField(max_length=60)),
                ("details", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["customer_id", "subject_type", "subject_id", "at"],
                        name="audit_entry_custome_251fe7_idx",
                    )
                ],
            },
        ),
        # A person may always add to, and see, the record of their own deeds (a provider's, at a customer's printer).
        *walls.wall(
            "audit_entry",
            reads=walls.CUSTOMER_SEES + OWN_DEEDS,
            writes=walls.CUSTOMER_SEES + OWN_DEEDS + "OR customer_id IS NULL",
        ),
        *walls.append_only("audit_entry"),
    ]

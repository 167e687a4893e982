import django.db.models.deletion
from django.db import migrations, models

from econcierge.core import walls


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("replenishment", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthlyReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("figures", models.JSONField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="reportchoice",
            name="report_minutes",
        ),
        migrations.RenameField(
            model_name="reportchoice",
            old_name="minutes_a_visit",
            new_name="minutes_a_week",
        ),
        migrations.AddConstraint(
            model_name="reportchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes_a_week__isnull", True), ("minutes_a_week__gt", 0), _connector="OR"),
                name="report_minutes",
            ),
        ),
        migrations.AddField(
            model_name="monthlyreport",
            name="customer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.customer"),
        ),
        migrations.AddConstraint(
            model_name="monthlyreport",
            constraint=models.UniqueConstraint(fields=("customer", "month"), name="monthly_report_once"),
        ),
        migrations.AddConstraint(
            model_name="monthlyreport",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="monthly_report_first_day"),
        ),
        *walls.customer_wall("replenishment_monthlyreport"),
    ]

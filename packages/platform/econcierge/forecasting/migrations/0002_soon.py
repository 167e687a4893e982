from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="supplyforecast",
            index=models.Index(condition=models.Q(("p10_days__lte", 14.0)), fields=["customer"], name="forecast_soon"),
        ),
    ]

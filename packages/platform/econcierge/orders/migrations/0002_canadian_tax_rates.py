"""The rates that come with the product, each with its source; the operator edits the rows."""

from django.db import migrations

from econcierge.orders import pricing


def add_rates(apps, schema_editor):
    rates = apps.get_model("orders", "TaxRate").objects.using(schema_editor.connection.alias)
    for rate in pricing.canadian_taxes():
        rates.get_or_create(
            region=rate.region,
            code=rate.code,
            valid_from=rate.valid_from,
            defaults={"rate_ppm": rate.rate_ppm, "valid_to": rate.valid_to, "source": rate.source},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(add_rates, migrations.RunPython.noop),
    ]

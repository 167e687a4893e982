from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supplies", "0004_refused_reports"),
    ]

    operations = [
        # What waited in the old column begins anew: a course has another form.
        migrations.RemoveField(model_name="slot", name="pending_rise"),
        migrations.AddField(model_name="slot", name="course", field=models.JSONField(null=True)),
    ]

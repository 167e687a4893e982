from django.db import migrations

from econcierge.core import walls


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(walls.SETTINGS, walls.SETTINGS_REVERSE)]

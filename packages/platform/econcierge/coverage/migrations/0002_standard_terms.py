"""The built-in terms become rows; later versions are added by the operator, and none is ever changed."""

from django.db import migrations

from econcierge.coverage import termsfile


def load(apps, schema_editor):
    alias = schema_editor.connection.alias
    model = apps.get_model("coverage", "TermsVersion")
    for programme in termsfile.built_in_programmes():
        for version in termsfile.built_in_terms(programme=programme):
            model.objects.using(alias).create(
                programme=version.programme,
                version=version.version,
                valid_from=version.valid_from,
                valid_to=version.valid_to,
                values=termsfile.render_values(version.values),
                sources=dict(version.sources),
            )


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]

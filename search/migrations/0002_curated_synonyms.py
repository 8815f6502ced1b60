"""The first synonyms, marked as reviewed. Editors may change or delete them afterwards."""

from django.db import migrations

from search.curated_synonyms import GROUPS, NOTE


def add(apps, schema_editor):
    group = apps.get_model("search", "SynonymGroup")
    group.objects.bulk_create(group(terms="\n".join(terms), note=NOTE, reviewed=True) for terms in GROUPS)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]

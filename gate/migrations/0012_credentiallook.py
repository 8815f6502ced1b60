"""That a credential was drawn for a reviewer becomes a row of its own: decisions ask for it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gate.migrations._append_only import guard


class Migration(migrations.Migration):
    dependencies = [("gate", "0011_corrections")]
    operations = [
        migrations.CreateModel(
            name="CredentialLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("permit", models.BigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="gate.credential",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "look at a credential"},
        ),
        guard("gate_credentiallook"),
    ]

"""Separate consents as steps of their own, steps that need the informed consent, a name for each receipt."""

import uuid
from typing import Any

from django.db import migrations, models

from gate.migrations._append_only import guard, unguard


def name_receipts(apps: Any, schema_editor: Any) -> None:
    """Each record its own uuid: a default of the column would give all of them the same one."""
    records = apps.get_model("gate", "ConsentRecord").objects.using(schema_editor.connection.alias)
    for pk in records.filter(uuid=None).values_list("pk", flat=True).iterator():
        records.filter(pk=pk).update(uuid=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("gate", "0006_signals")]

    operations = [
        unguard("gate_consentrecord"),
        migrations.AddField(
            model_name="consentrecord",
            name="uuid",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunPython(name_receipts, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="consentrecord",
            name="uuid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        guard("gate_consentrecord"),
        migrations.RemoveConstraint(model_name="gatestep", name="gate_step_has_its_subject"),
        migrations.AddField(
            model_name="gatestep",
            name="needs_consent",
            field=models.BooleanField(
                default=False,
                help_text="For questions: the whole step is left out for readers who declined the informed consent.",
                verbose_name="needs informed consent",
            ),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("identity", "identity agreement"),
                    ("consent", "informed consent"),
                    ("publication", "separate consent: publication"),
                    ("sharing", "separate consent: sharing with others"),
                    ("cross_border", "separate consent: transfer abroad"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="gatestep",
            name="kind",
            field=models.CharField(
                choices=[
                    ("agreement", "agreement"),
                    ("consent", "informed consent"),
                    ("separate_consent", "separate consent"),
                    ("profile", "profile questions"),
                    ("survey", "survey questions"),
                    ("verification", "verification"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatestep",
            constraint=models.CheckConstraint(
                name="gate_step_has_its_subject",
                condition=models.Q(
                    agreement__isnull=False,
                    kind__in=["agreement", "consent", "separate_consent"],
                    questionnaire__isnull=True,
                )
                | models.Q(
                    agreement__isnull=True, kind__in=["profile", "survey"], questionnaire__isnull=False
                )
                | models.Q(agreement__isnull=True, kind="verification", questionnaire__isnull=True),
            ),
        ),
    ]

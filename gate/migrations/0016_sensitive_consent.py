"""A separate consent to the use of credentials: what it states as fields, and decisions for the whole site."""

import django.db.models.deletion
from django.db import migrations, models

from gate.migrations._append_only import guard, unguard


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0005_import_record"),
        ("gate", "0015_number_bounds"),
    ]

    operations = [
        unguard("gate_agreementversion", "gate_consentrecord"),
        migrations.AddField(
            model_name="agreement",
            name="contact",
            field=models.TextField(blank=True, max_length=1000, verbose_name="contact"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="controller",
            field=models.TextField(blank=True, max_length=1000, verbose_name="who answers for the data"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="necessity",
            field=models.TextField(
                blank=True, max_length=1000, verbose_name="why it is necessary, and what it means for you"
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="purpose",
            field=models.TextField(blank=True, max_length=1000, verbose_name="purpose"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="recipients",
            field=models.TextField(blank=True, max_length=1000, verbose_name="who receives it"),
        ),
        migrations.AddField(
            model_name="agreement",
            name="retention",
            field=models.TextField(blank=True, max_length=1000, verbose_name="how long it is kept"),
        ),
        migrations.AddField(
            model_name="agreementversion",
            name="statement",
            field=models.JSONField(default=dict),
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
                    ("sensitive", "separate consent: sensitive information (credentials)"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="consentrecord",
            name="zone",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cms.zonepage",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "sensitive")),
                fields=("kind",),
                name="gate_one_sensitive_agreement",
                violation_error_message="There is a text of this kind already: every verification asks for the same one.",
            ),
        ),
        guard("gate_agreementversion", "gate_consentrecord"),
    ]

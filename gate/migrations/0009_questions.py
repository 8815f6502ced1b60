"""Conditions between questions, and two kinds of question more."""

import uuid

from django.db import migrations, models

KINDS = [
    ("text", "one line"),
    ("long_text", "several lines"),
    ("single", "one of several"),
    ("multiple", "any of several"),
    ("number", "number"),
    ("date", "date"),
    ("institution", "institution"),
    ("department", "department"),
]


class Migration(migrations.Migration):
    dependencies = [("gate", "0008_casework")]
    operations = [
        migrations.AddField(
            model_name="question",
            name="condition_question",
            field=models.UUIDField(blank=True, null=True, verbose_name="shown only after an answer to"),
        ),
        migrations.AddField(
            model_name="question",
            name="condition_value",
            field=models.CharField(
                blank=True,
                help_text="One of the other question's choices, or the exact number, date or words.",
                max_length=300,
                verbose_name="when that answer is or contains",
            ),
        ),
        migrations.AlterField(model_name="question", name="key", field=models.UUIDField(default=uuid.uuid4)),
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=KINDS, default="text", max_length=16, verbose_name="answered with"
            ),
        ),
    ]

"""Labels and help texts name the applicant, reader or user. Nothing of the tables changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gate", "0017_requires_consent"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="notice",
            options={"verbose_name": "mail to a user"},
        ),
        migrations.AlterModelOptions(
            name="zoneuserobjectpermission",
            options={
                "ordering": ["-granted_at"],
                "verbose_name": "grant to a user",
                "verbose_name_plural": "grants to users",
            },
        ),
        migrations.AlterField(
            model_name="casemessage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("note", "internal note"),
                    ("hand_over", "note of a hand-over"),
                    ("question", "question to the applicant"),
                    ("answer", "answer of the applicant"),
                    ("appeal", "request for another review"),
                    ("decision", "reason of an earlier decision"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="gatestep",
            name="minutes",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="How long it takes a reader, as shown before they start.",
                verbose_name="minutes",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="condition_value",
            field=models.CharField(
                blank=True,
                help_text="One of the other question's choices, or the exact number, date or text.",
                max_length=300,
                verbose_name="when that answer is or contains",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="consent_bound",
            field=models.BooleanField(
                default=False,
                help_text="Asked only of readers who agreed to the zone's informed consent.",
                verbose_name="needs informed consent",
            ),
        ),
        migrations.AlterField(
            model_name="verification",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("submitted", "submitted"),
                    ("in_review", "in review"),
                    ("needs_answer", "waiting for the applicant"),
                    ("approved", "approved"),
                    ("rejected", "rejected"),
                    ("expired", "expired"),
                    ("revoked", "revoked"),
                ],
                default="draft",
                max_length=16,
                verbose_name="state",
            ),
        ),
    ]

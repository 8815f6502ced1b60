"""Casework: questions to the person, a second pair of eyes, appeals, hand-overs and notes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OTHER_COLUMNS = ("id", "verification_id", "kind", "author_id", "to_id", "at")


def let_words_be_erased_only(apps, schema_editor):
    """No row goes; of a row nothing changes but that its text is emptied."""
    table = "gate_casemessage"
    same = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in OTHER_COLUMNS)
    if schema_editor.connection.vendor == "postgresql":
        for act, condition in (("update", f"WHEN (NEW.text <> '' OR {same})"), ("delete", "")):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only_{act} BEFORE {act.upper()} ON {table} "
                f"FOR EACH ROW {condition} EXECUTE FUNCTION gate_refuse_change()"
            )
    elif schema_editor.connection.vendor == "sqlite":
        same = same.replace("IS DISTINCT FROM", "IS NOT")
        for act, condition in (("update", f"WHEN NEW.text <> '' OR {same}"), ("delete", "")):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only_{act} BEFORE {act.upper()} ON {table} {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def let_anything_change(apps, schema_editor):
    for act in ("update", "delete"):
        on_table = " ON gate_casemessage" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS gate_casemessage_append_only_{act}{on_table}")


class Migration(migrations.Migration):
    dependencies = [("gate", "0007_separate_consents")]
    operations = [
        migrations.CreateModel(
            name="CaseMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("note", "internal note"),
                            ("hand_over", "note of a hand-over"),
                            ("question", "question to the person"),
                            ("answer", "answer of the person"),
                            ("appeal", "request for another review"),
                            ("decision", "reason of an earlier decision"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="gate.verification",
                    ),
                ),
            ],
            options={"verbose_name": "message on a case", "ordering": ["pk"]},
        ),
        migrations.RunPython(let_words_be_erased_only, let_anything_change),
        migrations.RemoveConstraint(model_name="verification", name="gate_one_open_verification"),
        migrations.AddField(
            model_name="verification",
            name="appealed_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="held_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="verification",
            name="proposal",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="verification",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="requeued_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="verification",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("submitted", "submitted"),
                    ("in_review", "in review"),
                    ("needs_answer", "waiting for the person"),
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
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["submitted", "in_review", "needs_answer"])),
                fields=("user",),
                name="gate_one_open_verification",
            ),
        ),
    ]

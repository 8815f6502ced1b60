"""Answers get a name of their own and can be corrected by a newer row; the older one is kept as it was."""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

NAME = "gate_answerset_kept_update"
FIXED = ("uuid", "user_id", "zone_id", "version_id", "submitted_at")


def name_rows(apps: Any, schema_editor: Any) -> None:
    """Each row its own uuid: a default of the column would give all of them the same one."""
    rows = apps.get_model("gate", "AnswerSet").objects.using(schema_editor.connection.alias)
    for pk in rows.filter(uuid=None).values_list("pk", flat=True).iterator():
        rows.filter(pk=pk).update(uuid=uuid.uuid4())


def keep(apps: Any, schema_editor: Any) -> None:
    """Who, where, on what and when never change, and an answer can only be taken out of its row.

    Withdrawing a consent takes out what hangs on it, erasing and retention delete rows: hence no guard()
    of _append_only.py.
    """
    changed = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in FIXED)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON gate_answerset FOR EACH ROW "
            f"WHEN ({changed} OR NOT (OLD.answers @> NEW.answers)) EXECUTE FUNCTION gate_refuse_change()"
        )
    elif schema_editor.connection.vendor == "sqlite":
        gained = (
            "EXISTS (SELECT 1 FROM json_each(NEW.answers) n WHERE NOT EXISTS "
            "(SELECT 1 FROM json_each(OLD.answers) o WHERE o.key = n.key AND o.value = n.value))"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON gate_answerset WHEN {changed} OR {gained} "
            "BEGIN SELECT RAISE(ABORT, 'gate_answerset is kept as it was'); END"
        )


def let_go(apps: Any, schema_editor: Any) -> None:
    on_table = " ON gate_answerset" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {NAME}{on_table}")


class Migration(migrations.Migration):
    dependencies = [("gate", "0010_verification_replaces")]

    operations = [
        migrations.AddField(
            model_name="answerset",
            name="uuid",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunPython(name_rows, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="answerset",
            name="uuid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="answerset",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="correction",
                to="gate.answerset",
            ),
        ),
        migrations.RunPython(keep, let_go),
    ]

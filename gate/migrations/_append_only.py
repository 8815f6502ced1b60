"""Database triggers that refuse UPDATE and DELETE on tables whose rows are evidence (PostgreSQL and SQLite)."""

from __future__ import annotations

from typing import Any

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION gate_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def guard(*tables: str) -> Any:
    """A RunPython pair for the tables."""
    from django.db import migrations

    return migrations.RunPython(*_pair(*tables))


def unguard(*tables: str) -> Any:
    """The pair the other way round: before a migration that must touch rows; `guard` them again after it.

    On SQLite also needed where nothing but a column changes: Django makes the table anew there, and its
    triggers would be gone without a word.
    """
    from django.db import migrations

    forwards, backwards = _pair(*tables)
    return migrations.RunPython(backwards, forwards)


def _pair(*tables: str) -> tuple[Any, Any]:
    """(put the triggers on, take them off)."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            # Without params the driver takes the text as it is, with its %.
            schema_editor.execute(POSTGRES_FUNCTION, params=None)
            for table in tables:
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION gate_refuse_change()"
                )
        elif schema_editor.connection.vendor == "sqlite":
            for table in tables:
                for act in ("UPDATE", "DELETE"):
                    schema_editor.execute(
                        f"CREATE TRIGGER {table}_append_only_{act.lower()} BEFORE {act} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                    )

    def backwards(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
            elif schema_editor.connection.vendor == "sqlite":
                for act in ("update", "delete"):
                    schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only_{act}")

    return forwards, backwards


def release_old(table: str, column: str, *, days: int) -> Any:
    """A RunPython pair: from now on rows whose `column` is more than `days` days old may be deleted.

    The floor is fixed in the database; a retention rule can only keep rows for longer than that.
    """
    from django.db import migrations

    def forwards(apps: Any, schema_editor: Any) -> None:
        _drop(schema_editor, table)
        if schema_editor.connection.vendor == "postgresql":
            young = f"WHEN (OLD.{column} > now() - interval '{days} days')"
            for act, condition in (("update", ""), ("delete", young)):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_append_only_{act} BEFORE {act.upper()} ON {table} "
                    f"FOR EACH ROW {condition} EXECUTE FUNCTION gate_refuse_change()"
                )
        elif schema_editor.connection.vendor == "sqlite":
            young = f"WHEN OLD.{column} > datetime('now', '-{days} days')"
            for act, condition in (("update", ""), ("delete", young)):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_append_only_{act} BEFORE {act.upper()} ON {table} {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )

    def backwards(apps: Any, schema_editor: Any) -> None:
        _drop(schema_editor, table)
        guard(table).code(apps, schema_editor)

    return migrations.RunPython(forwards, backwards)


def _drop(schema_editor: Any, table: str) -> None:
    for name in (f"{table}_append_only", f"{table}_append_only_update", f"{table}_append_only_delete"):
        on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")

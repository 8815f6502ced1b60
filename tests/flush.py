"""Lets transactional tests empty append-only tables on SQLite, whose triggers also stop Django's flush.

PostgreSQL empties tables with TRUNCATE, which row triggers do not see.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper


def allow_flush() -> None:
    """Around each flush, take all triggers away and put them back. Called once, by tests/conftest.py."""
    operations = DatabaseWrapper.ops_class
    original = operations.execute_sql_flush
    if not getattr(original, "without_triggers", False):
        operations.execute_sql_flush = without_triggers(original)  # type: ignore[method-assign]


def without_triggers(original: Callable[..., None]) -> Callable[..., None]:
    def execute_sql_flush(self: Any, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE%'"
            )
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            original(self, sql_list)
        finally:
            with self.connection.cursor() as cursor:
                for _, sql in triggers:
                    cursor.execute(sql)

    execute_sql_flush.without_triggers = True  # type: ignore[attr-defined]
    return execute_sql_flush

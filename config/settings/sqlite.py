"""The SQLite configuration: write-ahead log; writers queue instead of failing half-way."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def sqlite_database(path: Path | str) -> dict[str, Any]:
    """A DATABASES entry for the file at `path`.

    BEGIN IMMEDIATE takes the write lock at the start of a transaction: a deferred one that upgrades
    later fails at once with "database is locked" instead of waiting its `timeout` (seconds).

    Connections stay open: opening one costs more than reading an article, and the last one that closes takes
    the write-ahead log's index along, which a full disk has no room to make again. What SQLite sorts stays in
    memory for the same reason.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA temp_store=MEMORY;",
        },
    }

"""Counters of requests that every process shares: one atomic step each, without waiting or errors.

Where the cache counts (config.redis_cache: Redis), one round trip. Otherwise, and while Redis is
unavailable, a file of this machine (SQLite, apart from the database: no count waits for a writer there).
Where neither works, nothing is counted and the request goes on: a limit protects the service and must not
become what stops it.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import structlog
from django.conf import settings
from django.core.cache import cache

log = structlog.get_logger(__name__)

_WAIT = 0.5  # seconds for another process's count: it takes microseconds unless that process is suspended
_OPEN_WAIT = 2.0  # seconds, once per thread: see _use_wal_mode
_SWEEP_EVERY = 500  # new counters
_SCHEMA = """
CREATE TABLE IF NOT EXISTS counter (key TEXT PRIMARY KEY, ends REAL NOT NULL, n INTEGER NOT NULL)
"""
_COUNT = """
INSERT INTO counter (key, ends, n) VALUES (?, ?, 1)
ON CONFLICT (key) DO UPDATE SET n = n + 1 RETURNING n
"""
_mine = threading.local()


def count(name: str, seconds: int, now: float | None = None) -> tuple[int | None, int]:
    """One more event of `name` in the present window of so many seconds.

    Returns how many there are (None: not counted) and the seconds until the window ends. Windows follow the
    clock, so that all processes mean the same one.
    """
    now = time.time() if now is None else now
    window = int(now // seconds)
    ends = (window + 1) * seconds
    left = max(1, int(ends - now + 0.999))
    key = f"count:{name}:{window}"
    return _count_in_cache(key, left) or _count_in_file(key, ends), left


def _count_in_cache(key: str, left: int) -> int | None:
    counter = getattr(cache, "count", None)
    if counter is None:
        return None
    try:
        return int(counter(key, seconds=left + 1))
    except Exception as error:  # noqa: BLE001 - whatever the cache raises, the file counts
        log.debug("not_counted_in_cache", error=type(error).__name__)
        return None


def _count_in_file(key: str, ends: float) -> int | None:
    try:
        connection = _connection(Path(settings.XINGLIN_VAR) / "counters.sqlite3")
        found = int(connection.execute(_COUNT, (key, ends)).fetchone()[0])
        if found == 1:
            _delete_ended(connection)
    except (sqlite3.Error, OSError) as error:
        log.warning("not_counted", error=type(error).__name__)
        _forget_connection()
        return None
    return found


def _connection(path: Path) -> sqlite3.Connection:
    """This thread's own, opened once."""
    if getattr(_mine, "path", None) != path:
        _forget_connection()
        path.parent.mkdir(parents=True, exist_ok=True)
        _mine.connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
        # A power cut can lose the counts of a minute.
        _mine.connection.execute("PRAGMA synchronous=OFF")
        _use_wal_mode(_mine.connection)
        _mine.connection.execute(_SCHEMA)
        _mine.path, _mine.made = path, 0
    connection: sqlite3.Connection = _mine.connection
    return connection


def _use_wal_mode(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL, where it is not yet.

    While another process opens the new file too, SQLite refuses this at once, whatever the timeout: retried
    until `_OPEN_WAIT` has passed. Raises sqlite3.OperationalError then, and at once for other errors.
    """
    deadline = time.monotonic() + _OPEN_WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _delete_ended(connection: sqlite3.Connection) -> None:
    """At times, delete the counters of windows that have ended."""
    _mine.made += 1
    if _mine.made % _SWEEP_EVERY == 1:
        connection.execute("DELETE FROM counter WHERE ends < ?", (time.time(),))


def _forget_connection() -> None:
    connection = getattr(_mine, "connection", None)
    _mine.__dict__.clear()
    if connection is not None:
        connection.close()

"""The lock for every writer of an index: single updates and rebuilds exclude each other."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from filelock import FileLock, Timeout

from search.errors import IndexBusy

_PAUSE = 0.05  # seconds between two tries


@contextmanager
def file_lock(path: Path, wait: float) -> Iterator[None]:
    """Holds `path` against other threads and processes of this machine; freed when the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=wait, poll_interval=_PAUSE, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(path.name) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _advisory_lock(name: str, wait: float) -> Iterator[None]:
    """PostgreSQL's session lock: holds between machines, freed when the connection ends."""
    key = zlib.crc32(name.encode())
    deadline = time.monotonic() + wait
    while not _take_advisory_lock(key):
        if time.monotonic() >= deadline:
            raise IndexBusy(name)
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _take_advisory_lock(key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        return bool(cursor.fetchone()[0])


@contextmanager
def index_lock(wait: float = 5.0) -> Iterator[None]:
    """Waits up to `wait` seconds, then raises IndexBusy. Spans machines on PostgreSQL; on SQLite there is
    only one machine. Not reentrant."""
    index = settings.XINGLIN_SEARCH["INDEX"]
    if connection.vendor == "postgresql":
        with _advisory_lock(f"search:{index}", wait):
            yield
    else:
        with file_lock(settings.XINGLIN_VAR / f"search-{index}.lock", wait):
            yield

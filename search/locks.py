"""One lock for everything that writes to an index: single updates and rebuilds exclude each other."""

from __future__ import annotations

import fcntl
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from search.errors import IndexBusy

_PAUSE = 0.05  # seconds between two tries


def _try_until(attempt: Callable[[], bool], wait: float, what: str) -> None:
    deadline = time.monotonic() + wait
    while not attempt():
        if time.monotonic() >= deadline:
            raise IndexBusy(what)
        time.sleep(_PAUSE)


@contextmanager
def file_lock(path: Path, wait: float) -> Iterator[None]:
    """Holds `path` against other threads and processes of this machine; freed when the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:

        def attempt() -> bool:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        _try_until(attempt, wait, path.name)
        yield


@contextmanager
def _advisory_lock(name: str, wait: float) -> Iterator[None]:
    """PostgreSQL's session lock: holds between machines, freed when the connection ends."""
    key = zlib.crc32(name.encode())

    def attempt() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            return bool(cursor.fetchone()[0])

    _try_until(attempt, wait, name)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


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

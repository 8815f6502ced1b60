"""Limits how many drawings run at once on this machine, to fewer than a server has threads.

Locks on files, so that all workers count together and a killed one leaves nothing behind. One caller may
wait; others are refused at once, so that waiting takes no further threads.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from filelock import FileLock, Timeout

# Short: a reader's request waits behind it when all other threads are taken.
WAIT_SECONDS = 0.8
# For a command that no reader waits for.
PATIENT_SECONDS = 60.0
POLL_SECONDS = 0.05

_held: ContextVar[bool] = ContextVar("drawing_slot_held", default=False)


class Busy(Exception):
    """All slots are taken. Nothing was decoded; the caller may try again in a moment."""


@contextmanager
def drawing_slot(wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold one of settings.XINGLIN_DRAWINGS slots. Raises Busy. Within a held slot it does nothing."""
    if _held.get():
        yield
        return
    with ExitStack() as stack:
        stack.enter_context(_free_slot(wait))
        token = _held.set(True)
        try:
            yield
        finally:
            _held.reset(token)


def _free_slot(wait: float) -> FileLock:
    if (slot := _try_all()) is not None:
        return slot
    waiting = _lock("waiting")
    try:
        waiting.acquire(blocking=False)
    except Timeout as error:
        raise Busy from error
    try:
        end = time.monotonic() + wait
        while time.monotonic() < end:
            time.sleep(POLL_SECONDS)
            if (slot := _try_all()) is not None:
                return slot
    finally:
        waiting.release()
    raise Busy


def _try_all() -> FileLock | None:
    for number in range(max(1, settings.XINGLIN_DRAWINGS)):
        slot = _lock(str(number))
        try:
            slot.acquire(blocking=False)
        except Timeout:
            continue
        return slot
    return None


def _lock(name: str) -> FileLock:
    folder = Path(settings.XINGLIN_VAR) / "drawing"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{name}.lock", thread_local=False)

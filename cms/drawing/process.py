"""Starts the drawing process, passes it one file, and ends it after its result or at the deadline."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import structlog
from django.db import transaction

from cms.drawing.slots import WAIT_SECONDS, drawing_slot

ROOT = Path(__file__).resolve().parent.parent.parent
# The environment holds nothing of the server's: no secret, no address of a service.
COMMAND = (sys.executable, "-B", "-E", "-s", "-c", "from cms.drawing.child import main; main()")
# A HEIC of 64 megapixels takes two seconds of a core; the rest is for a machine that is busy.
CPU_SECONDS = 8
DEADLINE_SECONDS = 20.0
LONGEST_OUTPUT = 32 * 1024 * 1024
CHUNK = 64 * 1024

log = structlog.get_logger(__name__)


class DrawingRefused(Exception):
    """The file cannot be drawn, or not within the limits; `code` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def run(
    task: str,
    data: bytes,
    *,
    deadline: float = DEADLINE_SECONDS,
    cpu_seconds: int = CPU_SECONDS,
    wait: float = WAIT_SECONDS,
    **arguments: Any,
) -> bytes:
    """The result of the task for `data`, within `wait` + `deadline` seconds for every file.

    Raises DrawingRefused and slots.Busy; RuntimeError inside a transaction.
    """
    refuse_inside_transaction()
    head = json.dumps({"task": task, "cpu_seconds": cpu_seconds, **arguments}).encode() + b"\n"
    with drawing_slot(wait):
        answer = _answer(head + data, time.monotonic() + deadline)
    line, _newline, drawn = answer.partition(b"\n")
    try:
        code = json.loads(line)["code"]
    except (ValueError, KeyError, TypeError):
        # Killed by a limit or by us, or it wrote too much: more than a credential needs.
        code = "too_complex"
    if code != "done":
        log.info("drawing_refused", task=task, code=code, size=len(data))
        raise DrawingRefused(code)
    return drawn


def refuse_inside_transaction() -> None:
    """Raise RuntimeError where a transaction is open: no request may wait for its locks meanwhile."""
    connection = transaction.get_connection()
    # Like atomic(durable=True): the transaction that pytest-django opens around a test does not count.
    if connection.in_atomic_block and not connection.atomic_blocks[-1]._from_testcase:
        raise RuntimeError("A file was to be decoded inside a transaction.")


def _answer(request: bytes, deadline: float) -> bytes:
    """The process's output up to the deadline, at most LONGEST_OUTPUT; afterwards its group is dead."""
    process = subprocess.Popen(  # noqa: S603 - a constant command
        COMMAND,
        cwd=ROOT,
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        return _exchange(process.stdin, process.stdout, request, deadline)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]
        process.wait()


def _exchange(stdin: IO[bytes], stdout: IO[bytes], request: bytes, deadline: float) -> bytes:
    """Write and read in turn as the pipes have room, so that neither process waits for the other."""
    left, parts, size = memoryview(request), [], 0
    os.set_blocking(stdin.fileno(), False)
    with selectors.DefaultSelector() as pipes:
        pipes.register(stdin, selectors.EVENT_WRITE)
        pipes.register(stdout, selectors.EVENT_READ)
        while (patience := deadline - time.monotonic()) > 0:
            for key, _events in pipes.select(patience):
                if key.fileobj is stdin:
                    left = _feed(stdin, left)
                    if not left:
                        pipes.unregister(stdin)
                        stdin.close()
                    continue
                chunk = os.read(stdout.fileno(), CHUNK)
                parts.append(chunk)
                size += len(chunk)
                if not chunk:
                    return b"".join(parts)
                if size > LONGEST_OUTPUT:
                    return b""
    return b""


def _feed(stdin: IO[bytes], left: memoryview) -> memoryview:
    """Write as much as the pipe takes. Returns the rest; nothing when the process no longer reads."""
    try:
        return left[os.write(stdin.fileno(), left[:CHUNK]) :]
    except BrokenPipeError:
        return left[:0]

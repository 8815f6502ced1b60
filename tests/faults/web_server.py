"""The product's own web server as a process of its own, over a copy of the test's database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.factories.cms import ArticlePageFactory, ZonePageFactory

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def database_for_others(folder: Path, name: str = "copy.sqlite3") -> str:
    """The address of this test's database; SQLite's, in memory, is copied to a file that processes share."""
    if connection.vendor == "sqlite":
        path = folder / name
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return f"sqlite:///{path}"
    named = connection.settings_dict
    return f"postgres://{named['USER']}@{named['HOST']}:{named['PORT']}/{named['NAME']}"


@dataclass
class WebServer:
    """A running `python -m config.serving`; `get` asks it as a reader does."""

    process: subprocess.Popen[bytes]
    port: int

    def get(self, path: str, timeout: float = 10) -> tuple[int, bytes, float]:
        """(status, body, seconds); status 0 when nothing answered in time."""
        started = time.monotonic()
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}{path}", timeout=timeout) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        except OSError:
            status, body = 0, b""
        return status, body, time.monotonic() - started

    def connect(self, sent: bytes) -> socket.socket:
        connection = socket.create_connection((HOST, self.port), timeout=10)
        connection.sendall(sent)
        return connection

    def workers(self) -> list[int]:
        """The ids of the processes that answer."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split() if b"resource_tracker" not in _command(int(pid))]

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def alive(pid: int) -> bool:
    """A zombie is not: in a container nobody may wait for it."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def start(
    folder: Path, *, code: str = "", within: Callable[..., list[str]] | None = None, **variables: str
) -> WebServer:
    """Serve. `code` is run first in the main process, whose workers inherit what it patched.

    `within` gives the command that runs the one it is given.
    """
    port = free_port()
    main = f"{code}\nfrom config.serving.__main__ import server; server().serve()"
    command = [sys.executable, *(["-c", main] if code else ["-m", "config.serving"])]
    process = subprocess.Popen(
        within(*command) if within else command,
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "XINGLIN_TEST_DATABASE_URL": database_for_others(folder),
            "TMPDIR": str(folder),
            "PORT": str(port),
            "XINGLIN_LOG_LEVEL": "ERROR",
            **variables,
        },
    )
    server = WebServer(process, port)
    deadline = time.monotonic() + 60
    while server.get("/healthz", 2)[0] != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            server.stop()
            raise AssertionError("The web server did not start.")
        time.sleep(0.1)
    return server


@pytest.fixture
def serve(tmp_path):
    """`start`, stopped with the test; an article is there to be read. For transactional tests."""
    ArticlePageFactory(parent=ZonePageFactory(audience="public"), title="痛风的诊断")
    started = []

    def begin(**options):
        started.append(start(tmp_path, **options))
        return started[-1]

    yield begin
    for server in started:
        server.stop()


def until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for it; AssertionError when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)

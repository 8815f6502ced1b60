"""A worker of the web server dies, or its main process does."""

from __future__ import annotations

import os
import signal

import pytest

from tests.faults.web_server import alive, serve, until

__all__ = ["serve"]  # the fixture: starts servers

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.enable_socket,
]


def test_a_killed_worker_is_replaced_and_a_killed_main_process_leaves_none_behind(serve):
    server = serve()
    (first,) = server.workers()
    os.kill(first, signal.SIGKILL)
    until(lambda: first not in server.workers() and server.get("/healthz", 1)[0] == 200, 20)
    workers = server.workers()
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(5)
    until(lambda: not any(alive(pid) for pid in workers), 10)
    assert server.get("/healthz", 1)[0] == 0

"""What the web server refuses to start with, and how many connections it may hold."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from config import env
from config.serving.__main__ import SPARE_FILES, connections_for, is_free, raise_file_limit, server


@pytest.mark.enable_socket
def test_a_port_that_another_server_shares_is_not_free():
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free("127.0.0.1", port)
    assert is_free("127.0.0.1", port)


def test_few_open_files_mean_few_connections(monkeypatch):
    monkeypatch.setattr(env, "WEB_CONNECTIONS", 1000)
    assert connections_for(100_000) == 1000
    assert connections_for(1024) == (1024 - SPARE_FILES) // 2
    assert connections_for(64) == 1


def test_the_limit_of_open_files_is_raised_as_far_as_it_may(monkeypatch):
    monkeypatch.setattr(env, "WEB_CONNECTIONS", 400)
    monkeypatch.setattr(resource, "getrlimit", lambda which: (256, 900))
    limits = []
    monkeypatch.setattr(resource, "setrlimit", lambda which, limit: limits.append(limit))
    assert raise_file_limit() == 900
    assert limits == [(900, 900)]


def test_it_bounds_heads_connections_and_stopping():
    made = server()
    assert made.http1_settings.header_read_timeout <= 15_000
    assert made.backpressure <= env.WEB_CONNECTIONS
    assert made.workers_kill_timeout
    assert made.respawn_failed_workers


def test_a_worker_starts_with_nothing_in_the_environment(tmp_path):
    """As `make run` on a fresh machine: no profile is named."""
    done = subprocess.run(
        [sys.executable, "-c", "from config.serving.application import create; create()"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "XINGLIN_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

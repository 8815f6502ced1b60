"""Slow clients stop nothing: the real server, over real sockets."""

from __future__ import annotations

import time

import pytest

from tests.faults.web_server import serve

__all__ = ["serve"]  # the fixture: starts servers

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.enable_socket,
]

# With a cookie, or Django refuses the form before it reads the body.
BODY = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=" + b"t" * 32 + b"\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nab"
)
HEAD = b"GET / HTTP/1.1\r\nHost: loc"


def assert_serves(server, *, within=1.0):
    for path in ("/healthz", "/api/v1/articles", "/"):
        status, body, seconds = server.get(path)
        assert status == 200, path
        assert seconds < within, path
        assert path == "/healthz" or "痛风的诊断" in body.decode(), path


def closed(connection):
    """Whether the server ends the connection without a word."""
    with connection:
        return connection.recv(1) == b""


def test_slow_clients_stop_nothing(serve):
    server = serve()
    server.get("/")  # the templates are loaded
    held = []
    for count, sent in ((4, BODY), (396, BODY), (400, HEAD)):
        held += [server.connect(sent) for _ in range(count)]
        for _ in range(3):
            assert_serves(server)
            for connection in held:
                if sent is HEAD and connection in held[400:]:
                    connection.sendall(b"a")
    for connection in held:
        connection.close()


def test_heads_have_a_time_limit_and_so_have_idle_connections(serve):
    server = serve(code="import config.serving.__main__ as main; main.HEAD_SECONDS = 1")
    trickling, idle = server.connect(HEAD), server.connect(b"")
    started = time.monotonic()
    try:
        while time.monotonic() - started < 8:
            trickling.sendall(b"a")
            time.sleep(0.2)
    except OSError:
        pass
    trickling.close()
    assert 0.5 < time.monotonic() - started < 5
    assert closed(idle)

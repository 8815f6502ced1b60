"""Costly uploads stop nothing: the real server, real sockets, real drawing processes."""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.scopes import GATE_WRITE
from tests.cms.drawing.test_process import nested_forms
from tests.factories.api import bearer
from tests.factories.gate import UserFactory, allow_credentials, application
from tests.faults.web_server import HOST, serve

__all__ = ["serve"]  # the fixture: starts servers

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.enable_socket,
]

UPLOADS = 10


def form(fields: dict[str, str], file: bytes) -> tuple[bytes, str]:
    """(body, content type) of a form with one credential."""
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [f"--x\r\n{head.format(name)}\r\n\r\n{value}\r\n".encode() for name, value in fields.items()]
    last = f'--x\r\n{head.format("credentials")}; filename="a.pdf"\r\n\r\n'.encode()
    parts.append(last + file + b"\r\n--x--\r\n")
    return b"".join(parts), "multipart/form-data; boundary=x"


def upload(port: int, token: dict[str, str]) -> tuple[int, float]:
    """(status, seconds)."""
    body, kind = form(application(), nested_forms())
    started = time.monotonic()
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    headers = {"Content-Type": kind, **token}
    connection.request("POST", "/api/v1/gate/verification", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status, time.monotonic() - started


def test_ten_costly_pdfs_at_once_stop_nothing(serve):
    tokens = [bearer(allow_credentials(UserFactory()), GATE_WRITE) for _ in range(UPLOADS)]
    # One thread for everything else: a drawing that held it would stop the server.
    server = serve(XINGLIN_WEB_THREADS="1")
    server.get("/")  # the templates are loaded
    with ThreadPoolExecutor(UPLOADS) as pool:
        sent = [pool.submit(upload, server.port, token) for token in tokens]
        slowest = 0.0
        while not all(future.done() for future in sent):
            for path in ("/healthz", "/api/v1/articles"):
                status, _body, seconds = server.get(path)
                assert status == 200, path
                slowest = max(slowest, seconds)
    assert slowest < 1.0
    answers = [future.result() for future in sent]
    # Those that were drawn are refused for what they are; the others are asked to come back.
    assert {status for status, _seconds in answers} == {400, 503}
    assert max(seconds for _status, seconds in answers) < 5

"""nginx in front, with the configuration that compose.yaml mounts: Debian's nginx on the loopback."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import time

import pytest
import yaml
from django.conf import settings

from tests.faults.test_slow_clients import BODY, HEAD
from tests.faults.web_server import HOST, WebServer, free_port, serve

__all__ = ["serve"]  # the fixture: starts servers

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.enable_socket,
    pytest.mark.nginx,
]

COMPOSE = yaml.safe_load((settings.BASE_DIR / "compose.yaml").read_text(encoding="utf-8"))
SLOW = ("127.0.0.2", 0)  # another address than the readers'


@pytest.fixture
def front(serve, tmp_path):
    """A WebServer that is reached through nginx."""
    behind = serve()
    port = free_port()
    values = {
        "DIR": str(tmp_path),
        "LISTEN": f"{HOST}:{port}",
        "UPSTREAM": f"{HOST}:{behind.port}",
        "PROTO": "https",
    }
    (mount,) = COMPOSE["services"]["nginx"]["volumes"]
    text = (settings.BASE_DIR / mount.split(":")[0]).read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"${{XINGLIN_NGINX_{name}}}", value)
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(text, encoding="utf-8")
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert nginx, "nginx is missing: bin/test-services installs it"
    # As root its workers become another user, who may not enter a test's folder.
    directives = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    process = subprocess.Popen(
        [nginx, "-p", str(tmp_path), "-c", str(configuration), "-g", directives],
        stdout=subprocess.PIPE,
        text=True,
    )
    server = WebServer(process, port)
    deadline = time.monotonic() + 10
    while server.get("/healthz", 1)[0] != 200:
        assert process.poll() is None, "nginx did not start"
        assert time.monotonic() < deadline, "nginx does not answer"
        time.sleep(0.05)
    server.behind = behind
    yield server
    process.terminate()
    process.communicate(timeout=10)


def slow(server, sent):
    line = socket.create_connection((HOST, server.port), 10, source_address=SLOW)
    line.sendall(sent)
    return line


def assert_reads(server):
    for path in ("/healthz", "/api/v1/articles", "/"):
        status, body, seconds = server.get(path)
        assert (status, seconds < 1.0) == (200, True), (path, status, seconds)
        assert path == "/healthz" or "痛风的诊断" in body.decode()


def test_slow_clients_stop_nothing_and_one_address_holds_only_so_many(front):
    front.get("/")
    held = []
    for count, sent in ((4, BODY), (396, BODY), (400, HEAD)):
        held += [slow(front, sent) for _ in range(count)]
        for _ in range(3):
            assert_reads(front)
    # Of four hundred bodies a hundred are waited for; the others were told at once.
    refused = 0
    for line in held[:400]:
        line.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            refused += b" 429 " in line.recv(20)
    for line in held:
        line.close()
    assert refused == 300


def test_what_nginx_refuses_is_a_problem_for_the_api_and_a_page_for_readers(front):
    def answer(path):
        line = http.client.HTTPConnection(HOST, front.port, timeout=5)
        line.putrequest("POST", path)
        line.putheader("Content-Length", str(65 * 1024 * 1024))
        line.endheaders()
        refused = line.getresponse()
        text = refused.read().decode()
        line.close()
        return refused.status, refused.headers["Content-Type"], text

    code, kind, text = answer("/api/v1/gate/verification")
    assert (code, kind) == (413, "application/problem+json")
    assert json.loads(text)["type"] == "/api/v1/problems/too_large"
    code, kind, text = answer("/gate/verification/")
    assert (code, kind) == (413, "text/html; charset=utf-8")
    assert 'lang="zh-Hans"' in text


def test_a_server_that_is_away_is_told_in_words(front):
    front.behind.stop()
    status, body, seconds = front.get("/api/v1/articles")
    assert (status, seconds < 1.0) == (502, True)
    assert json.loads(body)["type"] == "/api/v1/problems/unavailable"


def test_compose_runs_what_is_tested_here():
    services = COMPOSE["services"]
    assert services["web"]["command"] == ["bin/web"]
    assert services["worker"]["command"] == ["python", "manage.py", "work"]
    site = {"setup", "web", "worker", "nginx"}
    assert {name for name, service in services.items() if "profiles" not in service} == services.keys() - site
    published = {service["ports"][0] for name, service in services.items() if name not in site}
    assert published == {"127.0.0.1:15432:5432", "127.0.0.1:16379:6379", "127.0.0.1:19200:9200"}

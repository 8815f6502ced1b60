"""Web server and worker as processes: no request waits for what they call, a killed worker loses nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
from django.conf import settings as configured

from api.models import WebhookEndpoint
from api.webhooks.signing_secrets import give_secret
from tests.factories.gate import PASSWORD, UserFactory, submitted
from tests.faults.stand_ins import MailServer, Receiver, StandIn
from tests.faults.web_server import database_for_others, serve, until

__all__ = ["serve"]  # the fixture: starts servers, and writes an article

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.enable_socket,
]
# What a taken row and a silent worker are waited for, in seconds instead of minutes.
WORK = """
from datetime import timedelta
import os, sys
import django
django.setup()
from api.webhooks import delivery
from cms import background
from config import scheduler
from gate.notify import outbox, send
for module in (delivery, send, outbox):
    module.TAKEN = timedelta(seconds=2)
background.STALE = timedelta(seconds=7)
send.RETRIES = outbox.RETRIES = (timedelta(seconds=1),) * 60
delivery.FIRST_WAIT = delivery.LONGEST_WAIT = timedelta(seconds=1)
scheduler.JOBS = tuple(
    scheduler.Job(job.name, min(job.every, timedelta(seconds=1)), job.task, job.wanted)
    for job in scheduler.JOBS if job.name not in ("gate_daily", "tidy_up")
)
from django.core.management import call_command
call_command("work")
"""


class Browser:
    """A visitor with cookies; each request is timed."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.seconds: list[float] = []

    def get(self, path: str) -> str:
        started = time.monotonic()
        with self.opener.open(self.base + path, timeout=20) as response:
            text = response.read().decode()
        self.seconds.append(time.monotonic() - started)
        return text

    def post(self, path: str, **fields: str) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))[1]
        data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        started = time.monotonic()
        with self.opener.open(self.base + path, data, timeout=20) as response:
            assert response.status == 200
        self.seconds.append(time.monotonic() - started)


@pytest.fixture
def called():
    """The mail server and the receiver, asleep."""
    servers = StandIn(MailServer), StandIn(Receiver)
    for server in servers:
        server.asleep = True
    yield servers
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def left_behind(called, settings):
    """Changes that committed just before everything stopped: the outboxes hold what is to be done."""
    settings.TASKS = {"default": settings.TASKS["default"] | {"BACKEND": "config.queue.TaskQueue"}}
    settings.XINGLIN_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    endpoint = WebhookEndpoint(name="接收方", url=f"http://127.0.0.1:{called[1].port}/in")
    give_secret(endpoint)
    endpoint.save()
    UserFactory(email="reader@example.org")
    submitted(UserFactory(email="applicant@example.org"))


@pytest.fixture
def processes(left_behind, called, serve, tmp_path):
    """(start a worker, the web server): both on the real profile, over a copy of this test's database."""
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.faults.real_profile",
        "FAULTS_FOLDER": str(tmp_path),
        "FAULTS_SMTP_PORT": str(called[0].port),
        "XINGLIN_CREDENTIAL_KEYS": ",".join(configured.XINGLIN_CREDENTIAL_KEYS),
        "XINGLIN_CONSENT_KEY": configured.XINGLIN_CONSENT_KEY,
        "SECRET_KEY": configured.SECRET_KEY,
        "XINGLIN_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "XINGLIN_LOG_LEVEL": "CRITICAL",  # /readyz is asked until it is ready
    }
    web = serve(**variables)
    database = (
        {"XINGLIN_TEST_DATABASE_URL": f"sqlite:///{tmp_path / 'copy.sqlite3'}"}
        if (tmp_path / "copy.sqlite3").exists()
        else {"XINGLIN_TEST_DATABASE_URL": database_for_others(tmp_path)}
    )
    started: list[subprocess.Popen[bytes]] = []

    def work() -> subprocess.Popen[bytes]:
        environment = {"PATH": os.environ["PATH"], **database, **variables}
        started.append(
            subprocess.Popen([sys.executable, "-c", WORK], cwd=configured.BASE_DIR, env=environment)
        )
        return started[-1]

    yield work, web
    for process in started:
        process.kill()
        process.wait()


def readiness(web) -> dict:
    status, body, _seconds = web.get("/readyz")
    return {**json.loads(body), "code": status}


def found(web) -> int:
    _status, body, _seconds = web.get("/api/v1/search?q=" + urllib.parse.quote("痛风"))
    return json.loads(body).get("total", 0)


def test_nothing_waits_and_a_killed_worker_loses_nothing(processes, called):
    work, web = processes
    mail, receiver = called
    for path in ("/", "/accounts/signup/", "/accounts/password/reset/"):
        web.get(path)  # the templates are loaded
    assert readiness(web)["checks"]["worker"] == "failing"

    worker = work()
    until(lambda: mail.connections > 0 and receiver.connections > 0, 60)
    assert readiness(web)["code"] == 200, "it works, though what it calls sleeps"

    # While the worker waits for a mail server and a receiver that sleep, nobody else does.
    visitor = Browser(web.port)
    visitor.post("/accounts/signup/", email="new@example.org", password1=PASSWORD)
    Browser(web.port).post("/accounts/password/reset/", email="reader@example.org")
    for path in ("/", "/api/v1/articles", "/healthz"):
        visitor.get(path)
    assert max(visitor.seconds) < 1, visitor.seconds
    until(lambda: found(web) == 1, 20)  # the index is another queue's and has not waited either

    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert not mail.got
    assert not receiver.got
    mail.asleep = receiver.asleep = False
    work()
    for address in ("new@example.org", "reader@example.org", "applicant@example.org"):
        until(lambda address=address: any(address.encode() in text for text in mail.got), 60)
    until(lambda: any(b"verification.submitted" in body for body in receiver.got), 60)


def test_the_web_server_says_when_the_worker_dies(processes):
    work, web = processes
    worker = work()
    until(lambda: readiness(web)["code"] == 200, 60)
    worker.send_signal(signal.SIGTERM)  # in order: it takes its signs of life away
    assert worker.wait(30) == 0
    assert readiness(web)["checks"] == {"database": "ok", "cache": "ok", "worker": "failing"}
    assert web.get("/healthz")[0] == 200

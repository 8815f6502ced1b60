"""`/healthz` answers a load balancer: without a host name, TLS, session or detail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cms import background
from cms.models import Heartbeat
from config import health

pytestmark = pytest.mark.django_db


def fails() -> None:
    raise ConnectionError("db.internal refused reader:hunter2")


def test_a_process_that_can_answer_says_so(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "cache": "ok"}}
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.parametrize(
    ("part", "address", "status", "word"),
    [
        ("database", "/healthz", 503, "failing"),
        ("cache", "/healthz", 200, "degraded"),  # readers are answered without it
        ("database", "/readyz", 503, "failing"),
        ("cache", "/readyz", 503, "failing"),
    ],
)
def test_the_failing_part_is_named_without_its_reason(client, monkeypatch, part, address, status, word):
    monkeypatch.setitem(health.CHECKS, part, fails)
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.json()["status"] == word
    failing = [name for name, state in answer.json()["checks"].items() if state == "failing"]
    assert failing == ([part, "worker"] if part == "database" and address == "/readyz" else [part])
    assert "hunter2" not in answer.text
    assert "db.internal" not in answer.text


def test_a_broken_database_is_noticed(client, monkeypatch):
    monkeypatch.setattr(connection, "cursor", fails)
    assert client.get("/healthz").json()["checks"] == {"database": "failing", "cache": "ok"}


@pytest.fixture
def queued(settings):
    """The real profile, whose tasks wait for a worker."""
    tasks = settings.TASKS["default"]
    settings.TASKS = {"default": tasks | {"BACKEND": "config.queue.TaskQueue"}}
    return tasks["QUEUES"]


def test_a_worker_that_never_ran_is_named(client, queued):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "cache": "ok", "worker": "failing"}
    assert answer.json()["standstill"] == {"parts": ["schedule", *queued], "since": None}
    assert client.get("/healthz").status_code == 200, "readers are answered all the same"


def test_a_worker_that_lives_is_ready(client, queued):
    background.beat(worker="w", alive=["schedule", *queued])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert answer.json()["standstill"] is None


def test_a_queue_that_stands_still_is_named_with_its_last_sign_of_life(client, queued):
    background.beat(worker="w", alive=["schedule", *queued])
    last = timezone.now() - timedelta(minutes=5)
    Heartbeat.objects.filter(part="mail").update(at=last)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["standstill"] == {"parts": ["mail"], "since": last.isoformat()}


def test_a_second_worker_makes_good_for_the_first(client, queued):
    for name in ("old", "new"):
        background.beat(worker=name, alive=["schedule", *queued])
    Heartbeat.objects.filter(worker="old").update(at=timezone.now() - timedelta(minutes=5))
    assert client.get("/readyz").status_code == 200
    background.forget_worker(worker="new")
    assert client.get("/readyz").status_code == 503


def test_an_unknown_host_and_plain_http_are_no_reason_to_refuse(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_nothing_else_is_answered_so_early(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz/more").status_code == 301

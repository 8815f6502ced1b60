"""`/healthz` answers a load balancer: without a host name, TLS, session or detail."""

from __future__ import annotations

import pytest
from django.db import connection

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


@pytest.mark.parametrize("part", ["database", "cache"])
def test_the_failing_part_is_named_without_its_reason(client, monkeypatch, part):
    monkeypatch.setitem(health.CHECKS, part, fails)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert [name for name, state in answer.json()["checks"].items() if state == "failing"] == [part]
    assert "hunter2" not in answer.text
    assert "db.internal" not in answer.text


def test_a_broken_database_is_noticed(client, monkeypatch):
    monkeypatch.setattr(connection, "cursor", fails)
    assert client.get("/healthz").json()["checks"] == {"database": "failing", "cache": "ok"}


def test_an_unknown_host_and_plain_http_are_no_reason_to_refuse(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_nothing_else_is_answered_so_early(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz/more").status_code == 301

"""Redis away and hanging: reading, gate and admin go on, limits are still counted, nothing takes a second.

A redis-server of this test's own is stopped, killed and frozen (SIGSTOP, as in a swapping machine).
"""

from __future__ import annotations

import signal
import socket
import subprocess
import time

import pytest
from django.core.cache import cache, caches
from django.urls import reverse

from cms.breaker import Breaker
from cms.models import CacheEntry
from config import redis_cache
from config.settings.caches import redis_caches
from tests.api.whole_article import golden_article
from tests.factories.gate import PASSWORD, UserFactory, gated_zone

pytestmark = [pytest.mark.redis, pytest.mark.django_db]


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def redis(port, settings, tmp_path):
    """A running server that the cache uses; the process."""
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    settings.CACHES = redis_caches(f"redis://127.0.0.1:{port}/0")
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert time.monotonic() < deadline
        time.sleep(0.05)
    cache.set("before", "kept")
    assert cache.get("before") == "kept"
    yield process
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()
    redis_cache._BREAKERS.clear()


@pytest.fixture(params=["killed", "frozen"])
def away(request, redis):
    if request.param == "killed":
        redis.kill()
        redis.wait()
    else:
        redis.send_signal(signal.SIGSTOP)
    return request.param


def forget_the_outage(pause: float = redis_cache.PAUSE) -> None:
    """The next request finds out by itself, as the first one does."""
    caches["default"].breaker = Breaker("redis", pause=pause)


def timed(client, method, *args, **kwargs):
    started = time.monotonic()
    response = getattr(client, method)(*args, **kwargs)
    seconds = time.monotonic() - started
    return response, seconds


def test_reading_and_health_answer_within_a_second(client, away):
    article = golden_article()
    client.get("/")  # templates and classes are loaded once, not by Redis
    forget_the_outage()
    for address in ("/healthz", f"/api/v1/articles/{article.uuid}", "/api/v1/zones", "/", "/healthz"):
        response, seconds = timed(client, "get", address)
        assert response.status_code == 200, address
        assert seconds < 1, (address, seconds)
    assert client.get("/healthz").json() == {
        "status": "degraded",
        "checks": {"database": "ok", "cache": "failing"},
    }
    assert client.get("/readyz").status_code == 503


def test_many_requests_do_not_each_pay_the_deadline(client, away):
    golden_article()
    client.get("/api/v1/zones")
    started = time.monotonic()
    for _ in range(10):
        cache.get("anything")
    assert time.monotonic() - started < redis_cache.PATIENCE


def test_limits_are_still_counted(client, away, settings):
    settings.XINGLIN_API_RATES = {"read": "3/day"}
    assert [client.get("/api/v1/zones").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_signing_in_the_gate_and_the_admin_go_on(client, away):
    boss = UserFactory(is_superuser=True, is_staff=True, email="boss@example.org")
    boss.set_password(PASSWORD)
    boss.save()
    response, seconds = timed(client, "post", "/accounts/login/", {"login": boss.email, "password": PASSWORD})
    assert response.status_code == 302
    assert seconds < 3  # the password's own hash, and one deadline
    gated_zone("agreement", slug="z")
    assert client.get("/gate/z/", follow=True).status_code == 200
    client.force_login(boss)
    assert client.get(reverse("wagtailadmin_home"), follow=True).status_code == 200
    assert CacheEntry.objects.exists(), "what sign-in counts is counted in the database"


def test_limits_of_sign_in_hold_in_the_database(client, away):
    """allauth's limits count in the cache: without a fallback they would refuse everyone, or nobody."""
    refused = [
        client.post("/accounts/password/reset/", {"email": "a@example.org"}).status_code for _ in range(25)
    ]
    assert refused[0] == 302
    assert refused[-1] == 429


def test_a_value_is_used_up_once(away):
    assert [cache.add("once", 1, timeout=60) for _ in range(2)] == [True, False]


def test_when_it_is_back_it_is_used_again(client, redis):
    redis.send_signal(signal.SIGSTOP)
    forget_the_outage(pause=0.2)
    assert cache.get("before") is None
    assert caches["default"].breaker.is_open
    redis.send_signal(signal.SIGCONT)
    time.sleep(0.3)
    assert cache.get("before") == "kept"
    assert not caches["default"].breaker.is_open
    assert client.get("/healthz").json()["status"] == "ok"


def test_a_server_that_accepts_and_never_answers(client, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CACHES = redis_caches(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        response, seconds = timed(client, "get", "/healthz")
    assert response.json()["status"] == "degraded"
    assert seconds < 1
    redis_cache._BREAKERS.clear()

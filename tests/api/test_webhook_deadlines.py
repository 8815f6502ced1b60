"""A receiver that sleeps, drips, or whose name server is silent, takes a bounded time and delays no other."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from django.utils import timezone

from api.models import Delivery
from api.webhooks import delivery, targets
from gate.notify.notifications import notify_after_commit
from tests.api.test_webhooks import endpoint
from tests.factories.gate import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


@pytest.fixture
def dripping(settings):
    """Answers a byte at a time, for ever; the address."""
    settings.XINGLIN_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        connection, _ = server.accept()
        with connection:
            try:
                while not over.wait(0.05):
                    connection.sendall(b"H")
            except OSError:
                return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    over.set()
    server.close()


def test_a_receiver_that_drips_is_left_after_the_deadline(dripping, monkeypatch):
    monkeypatch.setattr(targets, "DEADLINE", 0.5)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        targets.post(dripping, b"{}", {})
    assert time.monotonic() - started < 3


def test_a_name_server_that_is_silent_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(targets, "NAME_TIMEOUT", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(5))
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        targets.resolve("https://hooks.example.org/")
    assert time.monotonic() - started < 2


def test_a_silent_receiver_is_waited_for_once_in_a_run(monkeypatch):
    silent, other = endpoint(name="a"), endpoint(name="b", url="https://other.example.org/")
    for _ in range(3):
        notify_after_commit("verification.claimed", user=UserFactory())
    asked = []

    def post(url, body, headers):
        asked.append(url)
        if url == silent.url:
            raise TimeoutError
        return 204

    monkeypatch.setattr(targets, "post", post)
    assert delivery.deliver_due() == 3
    assert asked.count(silent.url) == 1
    assert not Delivery.objects.filter(endpoint=other, state=Delivery.State.WAITING).exists()
    # The others of the silent one stay due: nothing of theirs was tried, nothing is counted.
    untried = Delivery.objects.filter(endpoint=silent, attempts=0, due_at__lte=timezone.now())
    assert untried.count() == 2

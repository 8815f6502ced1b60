"""Ten costly uploads at once hold a few threads of a server, never all."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms.drawing import slots
from cms.drawing.process import run
from cms.drawing.slots import Busy, drawing_slot
from cms.pictures import verify_picture
from gate.errors import DrawingBusy
from gate.models import Verification
from gate.verification.submission import submit_verification
from tests.cms.drawing.test_process import nested_forms, picture
from tests.factories.gate import UserFactory, allow_credentials, application, credential

SERVER_THREADS = 4


@pytest.fixture
def all_taken(settings, monkeypatch):
    """Every slot is held by others, who do not let go."""
    monkeypatch.setattr(slots, "WAIT_SECONDS", 0.1)
    with ExitStack() as stack:
        for _ in range(settings.XINGLIN_DRAWINGS):
            # In a context of its own, as another request has it.
            stack.callback(copy_context().run(slots._free_slot, 0).release)
        yield


def test_a_slot_that_is_free_again_is_taken(settings):
    settings.XINGLIN_DRAWINGS = 1
    for _ in range(3):
        with drawing_slot(0):
            assert slots._try_all() is None
    left = slots._try_all()
    assert left is not None
    left.release()


def test_within_a_slot_no_second_one_is_needed(settings):
    settings.XINGLIN_DRAWINGS = 1
    with drawing_slot(0), drawing_slot(0):
        assert run("check", picture(), wait=0, forms=("PNG",), max_pixels=10**6) == b""


def test_one_may_wait_and_the_others_are_refused_at_once(all_taken):
    with ThreadPoolExecutor(SERVER_THREADS) as pool:
        begin = time.monotonic()
        waits = [pool.submit(slots._free_slot, 2) for _ in range(SERVER_THREADS)]
        assert all(isinstance(wait.exception(timeout=10), Busy) for wait in waits)
        assert time.monotonic() - begin < 2 * SERVER_THREADS


def test_editors_are_asked_to_come_back(all_taken):
    with pytest.raises(ValidationError) as refusal:
        verify_picture(BytesIO(picture((211, 211))), wait=0)
    assert refusal.value.code == "busy"


@pytest.mark.django_db
class TestUploads:
    def test_the_service_keeps_nothing(self, all_taken):
        with pytest.raises(DrawingBusy):
            submit_verification(
                user=allow_credentials(UserFactory()), data=application(), files=[credential()]
            )
        assert not Verification.objects.exists()

    @pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k-1"}])
    def test_the_api_says_when_to_come_back(self, all_taken, client, headers):
        client.force_login(allow_credentials(UserFactory()))
        data = {**application(), "credentials": [credential()]}
        answer = client.post("/api/v1/gate/verification", data, headers=headers)
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("/busy")
        assert int(answer["Retry-After"]) > 0
        assert not Verification.objects.exists()

    def test_the_site_keeps_what_was_typed(self, all_taken, client):
        client.force_login(allow_credentials(UserFactory()))
        answer = client.post("/gate/verification/", {**application(), "credentials": [credential()]})
        assert answer.status_code == 503
        assert application()["full_name"] in answer.content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_ten_costly_uploads_at_once_leave_threads_for_reading():
    """Each upload and each look at /healthz takes one of a server's four threads, as it comes."""
    from django.db import connections

    readers = [Client() for _ in range(10)]
    for reader in readers:
        reader.force_login(allow_credentials(UserFactory()))

    def upload(reader: Client) -> tuple[int, float]:
        begin = time.monotonic()
        try:
            files = [credential(data=nested_forms())]
            answer = reader.post("/api/v1/gate/verification", {**application(), "credentials": files})
            return answer.status_code, time.monotonic() - begin
        finally:
            connections.close_all()

    def look() -> int:
        try:
            return Client().get("/healthz").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(SERVER_THREADS) as server:
        uploads = [server.submit(upload, reader) for reader in readers]
        for _ in range(8):
            begin = time.monotonic()
            assert server.submit(look).result(timeout=20) == 200
            assert time.monotonic() - begin < 3, "a look waited for the drawings"
            time.sleep(0.3)
        answers = [future.result(timeout=60) for future in uploads]
    assert {status for status, _seconds in answers} == {400, 503}
    assert all(seconds < 6 for _status, seconds in answers)

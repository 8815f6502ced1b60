"""Idempotency-Key: the same request is carried out once, another one under the same key never."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from api import idempotency
from api.models import KeptAnswer
from gate.models import AnswerSet, ConsentRecord, User, Verification
from gate.verification.files import uploads
from tests.factories.gate import (
    UserFactory,
    allow_credentials,
    application,
    credential,
    credential_bytes,
    gated_zone,
    steps_of,
    verification_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return UserFactory()


def client_of(reader) -> Client:
    client = Client()
    client.force_login(reader)
    return client


class Agreeing:
    """A zone with an agreement, and one reader's POSTs to its step."""

    def __init__(self, reader) -> None:
        self.zone = gated_zone("agreement", "consent", audience="registered")
        self.step = steps_of(self.zone)["agreement"]
        self.version = self.step.agreement.versions.get().pk
        self.client = client_of(reader)

    def post(self, key: str | None, decision: str = "agreed", *, client: Client | None = None):
        headers = {} if key is None else {"Idempotency-Key": key}
        return (client or self.client).post(
            f"/api/v1/gate/zones/{self.zone.slug}/steps/{self.step.pk}",
            {"version": self.version, "decision": decision},
            content_type="application/json",
            headers=headers,
        )


def hand_in(client: Client, key: str, *, files=None, **changes):
    allow_credentials(User.objects.get(pk=client.session["_auth_user_id"]))
    data = {**application(**changes), "credentials": files or [credential()]}
    return client.post("/api/v1/gate/verification", data, headers={"Idempotency-Key": key})


def code(response) -> str:
    return response.json()["type"].rpartition("/")[2]


def test_the_same_request_again_gets_the_same_answer_and_writes_nothing(reader):
    agreeing = Agreeing(reader)
    first = agreeing.post("k-1")
    again = agreeing.post('"k-1"')  # as a structured field
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert again["Cache-Control"] == "private, no-store"
    assert again["Content-Type"] == first["Content-Type"]
    assert ConsentRecord.objects.count() == 1
    assert agreeing.post(None).status_code == 409  # without the key it is a second request


def test_the_same_files_again_make_no_second_request(reader):
    client = client_of(reader)
    first = hand_in(client, "k-1")
    again = hand_in(client, "k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert Verification.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"full_name": "林二"}, {"files": [credential(data=credential_bytes("PNG"))]}]
)
def test_the_same_key_for_another_body_is_refused(reader, changes):
    client = client_of(reader)
    hand_in(client, "k-1")
    other = hand_in(client, "k-1", **changes)
    assert (other.status_code, code(other)) == (422, "idempotency_key_reused")
    assert Verification.objects.count() == 1


def test_the_same_key_for_another_address_is_refused(reader):
    one, two = Agreeing(reader), Agreeing(reader)
    one.post("k-1")
    assert code(two.post("k-1")) == "idempotency_key_reused"
    assert ConsentRecord.objects.count() == 1


def test_keys_belong_to_the_person(reader):
    agreeing = Agreeing(reader)
    agreeing.post("k-1")
    other = agreeing.post("k-1", client=client_of(UserFactory()))
    assert "Idempotent-Replayed" not in other
    assert ConsentRecord.objects.count() == 2


def test_a_refusal_is_not_kept(reader):
    agreeing = Agreeing(reader)
    assert agreeing.post("k-1", "skipped").status_code == 400
    assert not KeptAnswer.objects.exists()
    assert agreeing.post("k-1").status_code == 200


def test_a_request_on_its_way_is_a_conflict(reader):
    agreeing = Agreeing(reader)
    agreeing.post("k-1")
    KeptAnswer.objects.update(sealed=None)
    waiting = agreeing.post("k-1")
    assert (waiting.status_code, code(waiting)) == (409, "idempotency_key_in_use")
    assert waiting["Retry-After"] == "1"


def test_the_key_of_a_process_that_died_is_free_again(reader):
    agreeing = Agreeing(reader)
    agreeing.post("k-1")
    ConsentRecord.objects.count()
    KeptAnswer.objects.update(
        sealed=None, started_at=timezone.now() - idempotency.PATIENCE - timedelta(seconds=1)
    )
    # What it had written, had it lived, is there in this test; a real one has written nothing.
    assert code(agreeing.post("k-1")) == "already_decided"


def test_a_failure_releases_the_key_and_writes_nothing(reader, monkeypatch):
    agreeing = Agreeing(reader)

    def fail(*args, **kwargs):
        raise RuntimeError("canary")

    agreeing.client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr("api.gate.state_json", fail)
        assert agreeing.post("k-1").status_code == 500
    assert not KeptAnswer.objects.exists()
    assert not ConsentRecord.objects.exists()  # the answer failed after the act: both are undone
    assert agreeing.post("k-1").status_code == 200


@pytest.mark.parametrize("key", ["", '""', "a" * 256, "ä", "a b", 'a"b'])
def test_keys_that_cannot_be_used(reader, key):
    assert code(Agreeing(reader).post(key)) == "invalid_idempotency_key"
    assert not ConsentRecord.objects.exists()


def test_answers_are_forgotten_after_a_day(reader):
    agreeing = Agreeing(reader)
    agreeing.post("k-1")
    assert idempotency.forget_old() == 0
    KeptAnswer.objects.update(started_at=timezone.now() - timedelta(hours=25))
    assert code(agreeing.post("k-1")) == "already_decided"
    KeptAnswer.objects.update(started_at=timezone.now() - timedelta(hours=25))
    idempotency.forget_old()
    assert not KeptAnswer.objects.exists()


def test_what_is_kept_says_nothing_about_the_person(reader):
    hand_in(client_of(reader), "canary-key")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api_keptanswer")
        stored = b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for row in cursor.fetchall()
            for value in (bytes(part) if isinstance(part, memoryview) else part for part in row)
        )
    for secret in ("canary-key", "林一", "110110000000001", "示例医院"):
        assert secret.encode() not in stored


def test_reading_keeps_nothing(reader):
    client_of(reader).get("/api/v1/me", headers={"Idempotency-Key": "k-1"})
    assert not KeptAnswer.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("_again", range(3))
def test_of_two_at_once_one_is_carried_out(_again):
    assert connection.vendor == "postgresql"
    reader = UserFactory()
    agreeing = Agreeing(reader)
    clients = [client_of(reader) for _number in range(4)]
    start, results = threading.Barrier(4), []

    def run(client: Client) -> None:
        try:
            start.wait(30)
            results.append(agreeing.post("k-1", client=client))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert {response.status_code for response in results} <= {200, 409}
    assert {code(response) for response in results if response.status_code == 409} <= {
        "idempotency_key_in_use"
    }
    done = [response for response in results if response.status_code == 200]
    assert done
    assert sum("Idempotent-Replayed" not in response for response in done) == 1
    assert ConsentRecord.objects.count() == 1
    assert not AnswerSet.objects.exists()


@pytest.mark.parametrize("key", [None, "k-1"])
@pytest.mark.parametrize("address", ["verification", "verification/answer"])
def test_files_are_decoded_before_anything_is_locked(reader, address, key, monkeypatch):
    """With a key the work is one transaction; decoding comes before it."""
    seen: list[bool] = []
    run = uploads.run

    def recorded(*args, **kwargs):
        blocks = connection.atomic_blocks
        seen.append(bool(blocks) and not blocks[-1]._from_testcase)
        return run(*args, **kwargs)

    monkeypatch.setattr(uploads, "run", recorded)
    allow_credentials(reader)
    if address.endswith("answer"):
        verification_in("needs_answer", user=reader)
    seen.clear()
    data = {"answer": "见附件。"} if address.endswith("answer") else application()
    headers = {"Idempotency-Key": key} if key else {}
    answer = client_of(reader).post(
        f"/api/v1/gate/{address}", {**data, "credentials": [credential()]}, headers=headers
    )
    assert answer.status_code in (200, 201)
    assert seen == [False]

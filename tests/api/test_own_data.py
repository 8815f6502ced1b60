"""`/api/v1/me` corrected, exported and erased: by the user's own session or a token with the scope."""

from __future__ import annotations

import io
import json
import zipfile

import jsonschema
import pytest

from api import scopes
from api.schema_settings import components
from gate.models import AuditEvent, User
from tests.factories.api import bearer
from tests.factories.gate import PASSWORD, UserFactory, admitted_reader, gated_zone, reviewer

pytestmark = pytest.mark.django_db


def shaped(name: str, data) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components()}}
    jsonschema.Draft202012Validator(schema).validate(data)


@pytest.fixture
def reader(client):
    user = admitted_reader(gated_zone(slug="z"), display_name="林一")
    client.force_login(user)
    return user


def ask(client, method: str, address: str, **kwargs):
    content = {"content_type": "application/json"} if method == "post" else {}
    return getattr(client, method)(f"/api/v1/me/{address}", **content, **kwargs)


def post(client, address: str, **kwargs):
    return ask(client, "post", address, **kwargs)


def confirm(client) -> None:
    """What the site asks for before what concerns all data."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_a_session_has_to_be_fresh(client, reader):
    for method, address in (("get", "export"), ("post", "export"), ("post", "erasure")):
        answer = ask(client, method, address)
        assert answer.status_code == 403, address
        assert answer.json()["type"] == "/api/v1/problems/reauthentication_required"
    assert not AuditEvent.objects.filter(action__in=["data_exported", "erasure_requested"]).exists()


def test_the_export_as_data_and_as_archive(client, reader):
    confirm(client)
    answer = client.get("/api/v1/me/export")
    assert answer["Cache-Control"] == "private, no-store"
    shaped("PersonalData", answer.json())
    assert answer.json()["account"]["id"] == str(reader.uuid)
    answer = post(client, "export")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "private, no-store")
    assert answer["Content-Disposition"] == 'attachment; filename="xinglin-personal-data.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as found:
        assert json.loads(found.read("data.json"))["account"]["display_name"] == "林一"
    assert AuditEvent.objects.filter(action="data_exported", subject=reader).count() == 2


def test_erasure_says_what_it_means_and_closes_at_once(client, reader):
    told = client.get("/api/v1/me/erasure").json()
    shaped("Erasure", told)
    assert told["due_at"] is None
    assert any("30" in term["text"] for term in told["retention"])
    confirm(client)
    answer = post(client, "erasure")
    assert answer.status_code == 202
    shaped("Erasure", answer.json())
    assert answer.json()["due_at"]
    assert client.get("/api/v1/me").status_code == 401


def test_a_token_needs_the_scope_and_dies_with_the_request(client):
    user = UserFactory()
    reading = bearer(user, scopes.ACCOUNT_READ)
    for method, address in (("get", "export"), ("post", "export"), ("post", "erasure")):
        answer = ask(client, method, address, headers=reading)
        assert answer.json()["type"] == "/api/v1/problems/insufficient_scope", address
    allowed = bearer(user, scopes.ACCOUNT_EXPORT, scopes.ACCOUNT_ERASE, scopes.ACCOUNT_READ)
    assert client.get("/api/v1/me/export", headers=allowed).status_code == 200
    assert post(client, "erasure", headers=allowed).status_code == 202
    for headers in (reading, allowed):
        assert client.get("/api/v1/me", headers=headers).json()["type"] == "/api/v1/problems/invalid_token"


def test_a_token_made_from_a_code_after_the_request_opens_nothing(client):
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(erasure_due_at="2030-01-01T00:00:00Z")
    assert client.get("/api/v1/me", headers=bearer(user, scopes.ACCOUNT_READ)).status_code == 401


def test_staff_are_sent_to_an_administrator(client):
    boss = reviewer()
    client.force_login(boss)
    confirm(client)
    assert post(client, "erasure").status_code == 409
    boss.refresh_from_db()
    assert boss.erasure_due_at is None


def test_too_many_exports_have_to_wait(client, reader):
    confirm(client)
    answers = [client.get("/api/v1/me/export") for _number in range(11)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "3600"


def test_corrections_by_field(client, reader):
    def patch(data):
        return client.patch("/api/v1/me", data, content_type="application/json")

    answer = patch({"display_name": "林二"})
    shaped("Account", answer.json())
    assert answer.json()["display_name"] == "林二"
    assert patch({"locale": "en"}).json()["locale"] == "en"
    for wrong, field in (
        ({"locale": "xx"}, "locale"),
        ({"email": "other@example.org"}, "email"),
        ({"is_staff": True}, "is_staff"),
        ({"display_name": "长" * 121}, "display_name"),
    ):
        answer = patch(wrong)
        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    reader.refresh_from_db()
    assert (reader.display_name, reader.is_staff) == ("林二", False)


@pytest.mark.parametrize(("method", "path"), [("get", "export"), ("post", "export"), ("get", "erasure")])
def test_nobody_is_nobody(client, method, path):
    assert ask(client, method, path).status_code == 401


def test_a_body_with_something_in_it_is_refused(client, reader):
    confirm(client)
    answer = client.post("/api/v1/me/erasure", {"user": "1"}, content_type="application/json")
    assert answer.status_code == 400
    reader.refresh_from_db()
    assert reader.erasure_due_at is None

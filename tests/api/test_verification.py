"""Handing in a verification through the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gate.models import Credential, Verification
from tests.api.golden import assert_shape
from tests.api.test_gate import assert_problem
from tests.factories.gate import (
    STATEMENT,
    UserFactory,
    allow_credentials,
    application,
    approve,
    credential,
    credential_text,
    gated_zone,
    reject,
    reviewer,
    take_steps,
    verification_in,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/gate/verification"


@pytest.fixture
def reader(client):
    user = allow_credentials(UserFactory())
    client.force_login(user)
    return user


def hand_in(client, files=None, **changes):
    files = [credential()] if files is None else files
    return client.post(ADDRESS, application(**changes) | ({"credentials": files} if files else {}))


def test_nobody_has_asked_yet(client, reader):
    answer = client.get(ADDRESS)
    assert_shape(answer.json(), "VerificationAnswer")
    assert answer.json()["verification"] is None
    assert answer["Cache-Control"] == "private, no-store"


def test_a_first_request_waits_for_review(client, reader):
    answer = hand_in(client, files=[credential("a.jpg"), credential("b.jpg")])
    assert answer.status_code == 201
    assert_shape(answer.json(), "VerificationAnswer")
    case = answer.json()["verification"]
    assert (case["state"], case["credentials"], case["position"]) == ("submitted", 2, 1)
    assert Verification.objects.get().user == reader


def test_it_needs_an_account(client):
    assert_problem(client.get(ADDRESS), 401, "not_authenticated")
    assert_problem(hand_in(client), 401, "not_authenticated")
    assert not Verification.objects.exists()


def test_every_wrong_field_is_named_and_nothing_stays(client, reader, settings):
    answer = hand_in(client, files=[], licence_number="1", institution="", profession="wizard")
    problem = assert_problem(answer, 400, "invalid")
    assert {error["field"] for error in problem["errors"]} >= {"institution", "profession", "credentials"}
    assert not Verification.objects.exists()


@pytest.mark.parametrize("content", [b"", b"not a picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_is_refused_before_it_is_stored(client, reader, settings, content):
    file = SimpleUploadedFile("card.jpg", content, content_type="image/jpeg")
    problem = assert_problem(hand_in(client, files=[file]), 400, "invalid")
    assert [error["field"] for error in problem["errors"]] == ["credentials"]
    assert not Credential.objects.exists()
    root = settings.XINGLIN_CREDENTIALS_ROOT
    assert not root.exists() or not any(root.iterdir())


@pytest.mark.parametrize("name", ["state", "reviewer", "expires_at", "user", "uuid", "previous"])
def test_no_field_is_assigned_that_the_form_does_not_offer(client, reader, name):
    problem = assert_problem(hand_in(client, **{name: "approved"}), 400, "invalid")
    assert [error["field"] for error in problem["errors"]] == [name]
    assert not Verification.objects.exists()


def test_files_under_another_name_are_refused(client, reader):
    answer = client.post(ADDRESS, application() | {"credentials": [credential()], "extra": credential()})
    problem = assert_problem(answer, 400, "invalid")
    assert [error["field"] for error in problem["errors"]] == ["extra"]
    assert not Verification.objects.exists()


def test_a_second_request_while_one_waits(client, reader):
    assert hand_in(client).status_code == 201
    assert_problem(hand_in(client), 409, "under_review")
    assert Verification.objects.count() == 1


def test_after_a_rejection_the_form_is_filled_and_a_new_request_keeps_the_old_one(client, reader):
    verification_in("rejected", reader)
    case = client.get(ADDRESS).json()["verification"]
    assert case["field_reasons"] == {"credentials": "看不清编号"}
    assert case["input"]["institution"] == "示例医院"
    problem = assert_problem(hand_in(client, files=[]), 400, "invalid")
    assert [error["field"] for error in problem["errors"]] == ["credentials"]
    assert hand_in(client).status_code == 201
    assert [case.state for case in Verification.objects.order_by("pk")] == ["rejected", "submitted"]


def test_files_nobody_objected_to_need_not_be_sent_again(client, reader):
    hand_in(client)
    reject(
        case=Verification.objects.get(), reviewer=reviewer(), reason="请更正单位。",
        field_reasons={"institution": "与证书不符"},
    )  # fmt: skip
    answer = hand_in(client, files=[], institution="另一家医院")
    assert answer.status_code == 201
    assert answer.json()["verification"]["credentials"] == 1


def test_a_zones_earlier_steps_come_first(client, reader):
    zone = gated_zone()
    problem = assert_problem(hand_in(client, zone=zone.slug), 409, "step_out_of_order")
    assert problem["next_step"]["kind"] == "agreement"
    assert not Verification.objects.exists()
    take_steps(reader, zone, until="verification")
    assert hand_in(client, zone=zone.slug).status_code == 201
    assert Verification.objects.get().zone == zone


def test_json_and_nonsense_are_not_read_here(client, reader):
    answer = client.post(ADDRESS, application(), content_type="application/json")
    assert_problem(answer, 415, "unsupported_media_type")
    answer = client.post(ADDRESS, b"nonsense", content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert_problem(client.post(ADDRESS, b"x", content_type="multipart/form-data"), 400, "malformed")


def test_a_body_that_is_too_large_is_refused_unread(client, reader, monkeypatch):
    monkeypatch.setattr("api.parsers.LONGEST_FORM", 100)
    assert_problem(hand_in(client), 413, "too_large")


def test_nobody_sees_anothers_request(client, reader):
    verification_in("rejected", UserFactory())
    assert client.get(ADDRESS).json()["verification"] is None


def test_what_is_sent_twice_or_names_no_zone_is_named(client, reader):
    twice = assert_problem(hand_in(client, full_name=["王小明", "张三"]), 400, "invalid")
    assert [(error["field"], error["code"]) for error in twice["errors"]] == [("full_name", "repeated_field")]
    nowhere = assert_problem(hand_in(client, zone="nowhere"), 400, "invalid")
    assert [(error["field"], error["code"]) for error in nowhere["errors"]] == [("zone", "unknown_zone")]


def test_of_several_files_the_one_that_is_refused_is_named(client, reader):
    files = [credential("a.jpg"), SimpleUploadedFile("b.jpg", b"no picture")]
    (error,) = assert_problem(hand_in(client, files=files), 400, "invalid")["errors"]
    assert error["field"] == "credentials"
    assert error["message"].startswith("第 2 个文件：")
    assert not Credential.objects.exists()


def test_a_request_that_waits_for_an_answer_says_so(client, reader):
    zone = gated_zone()
    take_steps(reader, zone, until="verification")
    verification_in("needs_answer", reader)
    problem = assert_problem(hand_in(client, zone=zone.slug), 409, "already_decided")
    assert "答复" in problem["detail"]
    gate = client.get(f"/api/v1/gate/zones/{zone.slug}").json()
    assert problem["next_step"] == gate["next_step"]


def test_a_body_in_chunks_is_refused_in_words(client, reader):
    (error,) = assert_problem(
        client.generic("POST", ADDRESS, headers={"Transfer-Encoding": "chunked"}), 400, "malformed"
    )["errors"]
    assert "Content-Length" in error["message"]


def test_another_format_is_told_which_one_to_send(client, reader):
    answer = client.post(ADDRESS, application(), content_type="application/json")
    assert "multipart/form-data" in assert_problem(answer, 415, "unsupported_media_type")["detail"]


def test_a_recognised_reader_changes_the_institution(client):
    zone = gated_zone("verification")
    user = UserFactory()
    take_steps(user, zone)
    client.force_login(user)
    old = user.verifications.get()
    same = {"licence_number": old.licence_number, "zone": zone.slug}
    assert_problem(hand_in(client, **same), 409, "already_decided")
    answer = hand_in(client, institution="第二示例医院", **same)
    assert answer.status_code == 201
    assert_shape(answer.json(), "VerificationAnswer")
    case = answer.json()["verification"]
    assert case["state"] == "submitted"
    assert (case["in_force"]["id"], case["in_force"]["input"]["institution"]) == (
        str(old.uuid),
        old.institution,
    )
    gate = client.get(f"/api/v1/gate/zones/{zone.slug}").json()
    assert (gate["allowed"], gate["reason"]) == (True, "admitted")
    assert_shape(gate, "GateState")
    approve(case=user.verifications.get(state="submitted"), reviewer=reviewer())
    case = client.get(ADDRESS).json()["verification"]
    assert case["in_force"]["id"] == case["id"] != str(old.uuid)


def test_the_consent_comes_before_the_first_credential(client):
    version = credential_text()
    user = UserFactory()
    client.force_login(user)
    problem = assert_problem(hand_in(client), 409, "consent_required")
    assert not Credential.objects.exists()
    shown = client.get(ADDRESS).json()
    assert_shape(shown, "VerificationAnswer")
    consent = shown["consent"]
    assert (consent["given"], consent["decision"], consent["url"]) == (False, None, problem["consent"])
    assert consent["agreement"]["statement"] == STATEMENT
    body = {"version": consent["agreement"]["version"], "decision": "agreed"}
    stale = client.post(consent["url"], body | {"version": version.pk + 1}, content_type="application/json")
    assert_problem(stale, 409, "stale_version")
    answer = client.post(consent["url"], body, content_type="application/json")
    assert_shape(answer.json(), "VerificationAnswer")
    assert (answer.status_code, answer.json()["consent"]["given"]) == (200, True)
    assert hand_in(client).status_code == 201
    assert_shape(client.get("/api/v1/me/consents").json(), "ConsentList")
    withdrawn = client.post(consent["url"], {"decision": "withdrawn"}, content_type="application/json")
    assert (withdrawn.json()["consent"]["given"], withdrawn.json()["verification"]["state"]) == (
        False,
        "draft",
    )
    receipt = client.get(client.get("/api/v1/me/consents").json()["items"][0]["receipt"])
    assert_shape(receipt.json(), "ConsentReceipt")
    assert not Credential.objects.filter(deleted_at=None).exists()


def test_the_decision_needs_an_account_and_a_known_word(client):
    credential_text()
    address = f"{ADDRESS}/consent"
    body = {"version": 1, "decision": "agreed"}
    assert_problem(client.post(address, body, content_type="application/json"), 401, "not_authenticated")
    client.force_login(UserFactory())
    for wrong in ({"decision": "yes", "version": 1}, {"decision": "agreed"}, {**body, "more": 1}):
        assert_problem(client.post(address, wrong, content_type="application/json"), 400, "invalid")
    refused = client.post(address, body | {"decision": "refused"}, content_type="application/json")
    assert_problem(refused, 400, "invalid")

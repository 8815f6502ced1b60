"""The gate through the API: its state, its steps in and out of order, and the content of a 409."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.scopes import GATE_READ, GATE_WRITE
from cms.audiences import Audience
from gate.consent.agreements import publish_agreement
from gate.models import AnswerSet, ConsentRecord, QuestionnaireVersion
from tests.api.golden import assert_shape
from tests.factories.api import bearer
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.gate import (
    UserFactory,
    add_step,
    admitted_reader,
    answers_to,
    gated_zone,
    steps_of,
    take_steps,
    verification_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return gated_zone()


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def state(client, zone, **query) -> dict:
    answer = client.get(f"/api/v1/gate/zones/{zone.slug}", query)
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "private, no-store"
    assert_shape(answer.json(), "GateState")
    return answer.json()


def take(client, zone, step, **body):
    return client.post(
        f"/api/v1/gate/zones/{zone.slug}/steps/{getattr(step, 'pk', step)}",
        body,
        content_type="application/json",
    )


def current_version(client, zone) -> int:
    return state(client, zone)["next_step"]["version"]


def assert_problem(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert_shape(answer.json(), "Problem")
    assert answer.json()["type"] == f"/api/v1/problems/{code}"
    return answer.json()


def test_an_anonymous_reader_sees_what_awaits_them(client, zone):
    seen = state(client, zone)
    assert (seen["allowed"], seen["reason"], seen["next_step"]) == (False, "anonymous", None)
    assert [step["kind"] for step in seen["steps"]] == [
        "agreement", "consent", "profile", "survey", "verification",
    ]  # fmt: skip
    assert seen["minutes_left"] == 10
    assert seen["verification"] is None


def test_an_anonymous_reader_takes_no_step(client, zone):
    answer = take(client, zone, steps_of(zone)["agreement"], decision="agreed", version=1)
    assert_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not ConsentRecord.objects.exists()


def test_the_whole_way_with_a_bearer_token(client, zone):
    """What a front end does: read `next_step`, show its text, post there, go on until `allowed`."""
    user = UserFactory()
    headers = bearer(user, GATE_READ, GATE_WRITE)
    seen = client.get(f"/api/v1/gate/zones/{zone.slug}", headers=headers).json()
    taken = []
    while seen["next_step"]["kind"] != "verification":
        following = seen["next_step"]
        step = next(step for step in seen["steps"] if step["id"] == following["id"])
        if step["agreement"]:
            choice = "agreed" if step["kind"] == "agreement" else "skipped"
            body = {"decision": choice, "version": step["agreement"]["version"]}
        else:
            questions = step["questionnaire"]["questions"]
            assert all(question["text"] != "愿意参加随访吗？" for question in questions), "bound to consent"
            answers = {question["key"]: "肿瘤科" for question in questions}
            body = {"answers": answers, "version": step["questionnaire"]["version"]}
        answer = client.post(following["url"], body, content_type="application/json", headers=headers)
        assert answer.status_code == 200, answer.content
        seen = answer.json()
        taken.append(following["kind"])
    assert taken == ["agreement", "consent", "profile", "survey"]
    assert seen["reason"] == "verification_required"


def test_admitted(client, zone):
    client.force_login(admitted_reader(zone))
    seen = state(client, zone)
    assert (seen["allowed"], seen["reason"], seen["next_step"]) == (True, "admitted", None)
    assert seen["expires_at"] is not None
    assert seen["countdown_seconds"] == 5
    assert {step["state"] for step in seen["steps"]} == {"done"}


def test_a_step_out_of_order_names_the_one_that_comes_first(client, zone, reader):
    steps = steps_of(zone)
    answer = take(client, zone, steps["profile"], version=1, answers={})
    problem = assert_problem(answer, 409, "step_out_of_order")
    assert problem["next_step"]["id"] == steps["agreement"].pk
    assert problem["next_step"]["url"] == f"/api/v1/gate/zones/{zone.slug}/steps/{steps['agreement'].pk}"
    assert problem["reason"] == "agreement_required"
    assert not AnswerSet.objects.exists()


def test_a_step_taken_twice_names_the_one_after_it(client, zone, reader):
    steps = steps_of(zone)
    body = {"decision": "agreed", "version": current_version(client, zone)}
    assert take(client, zone, steps["agreement"], **body).status_code == 200
    problem = assert_problem(take(client, zone, steps["agreement"], **body), 409, "already_decided")
    assert problem["next_step"]["id"] == steps["consent"].pk
    assert ConsentRecord.objects.count() == 1


def test_a_decision_on_an_old_text_names_the_current_one(client, zone, reader):
    step = steps_of(zone)["agreement"]
    old = current_version(client, zone)
    step.agreement.draft_text = "<p>新的文本。</p>"
    step.agreement.save()
    new = publish_agreement(agreement=step.agreement, by=None)
    problem = assert_problem(take(client, zone, step, decision="agreed", version=old), 409, "stale_version")
    assert problem["next_step"]["version"] == new.pk
    assert not ConsentRecord.objects.exists()


def test_refusing_closes_the_zone_and_can_be_changed(client, zone, reader):
    step = steps_of(zone)["agreement"]
    version = current_version(client, zone)
    refused = take(client, zone, step, decision="refused", version=version).json()
    assert (refused["reason"], refused["next_step"]["id"]) == ("refused", step.pk)
    agreed = take(client, zone, step, decision="agreed", version=version).json()
    assert agreed["reason"] == "consent_required"


def test_declining_the_informed_consent_goes_on(client, zone, reader):
    take_steps(reader, zone, until="consent")
    step = steps_of(zone)["consent"]
    seen = take(client, zone, step, decision="skipped", version=current_version(client, zone)).json()
    assert seen["reason"] == "profile_required"
    assert next(one for one in seen["steps"] if one["id"] == step.pk)["state"] == "skipped"


def test_withdrawing_locks_with_the_next_request(client, zone):
    user = admitted_reader(zone)
    article = ArticlePageFactory(parent=zone)
    client.force_login(user)
    assert client.get(f"/api/v1/articles/{article.uuid}").json()["locked"] is None
    seen = take(client, zone, steps_of(zone)["agreement"], decision="withdrawn").json()
    assert (seen["allowed"], seen["reason"]) == (False, "withdrawn")
    assert client.get(f"/api/v1/articles/{article.uuid}").json()["locked"]["reason"] == "withdrawn"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "decision", "required"),
        ({"decision": "maybe", "version": 1}, "decision", "invalid_choice"),
        ({"decision": "skipped", "version": 1}, "decision", "invalid_choice"),
        ({"decision": "agreed"}, "version", "required"),
        ({"decision": "refused", "version": None}, "version", "required"),
        ({"decision": "agreed", "version": "x"}, "version", "invalid"),
        ({"decision": "agreed", "version": 0}, "version", "min_value"),
        ({"decision": "agreed", "version": 10**30}, "version", "max_value"),
        ({"decision": "agreed", "version": 1, "user": 7}, "user", "unknown_field"),
        ({"decision": "agreed", "version": 1, "decided_at": "2020-01-01"}, "decided_at", "unknown_field"),
    ],
)
def test_wrong_bodies_name_the_field_and_write_nothing(client, zone, reader, body, field, code):
    answer = take(client, zone, steps_of(zone)["agreement"], **body)
    problem = assert_problem(answer, 400, "invalid")
    assert (problem["errors"][0]["field"], problem["errors"][0]["code"]) == (field, code)
    assert not ConsentRecord.objects.exists()


def test_wrong_answers_are_named_by_question(client, zone, reader):
    take_steps(reader, zone, until="profile")
    step = steps_of(zone)["profile"]
    version = QuestionnaireVersion.objects.get(pk=current_version(client, zone))
    required = next(question["key"] for question in version.questions if question["required"])
    problem = assert_problem(take(client, zone, step, version=version.pk, answers={}), 400, "invalid")
    assert f"answers.{required}" in [error["field"] for error in problem["errors"]]
    bad = answers_to(version) | {"hacked": "x"}
    problem = assert_problem(take(client, zone, step, version=version.pk, answers=bad), 400, "invalid")
    assert [error["field"] for error in problem["errors"]] == ["answers.hacked"]
    assert not AnswerSet.objects.filter(version=version).exists()
    assert take(client, zone, step, version=version.pk, answers=answers_to(version)).status_code == 200


@pytest.mark.parametrize("body", ["[]", '"agreed"', "null", "{", '{"decision": "agreed\\u0000"}'])
def test_bodies_that_are_no_object_are_malformed(client, zone, reader, body):
    address = f"/api/v1/gate/zones/{zone.slug}/steps/{steps_of(zone)['agreement'].pk}"
    assert_problem(client.post(address, body, content_type="application/json"), 400, "malformed")


def test_forms_and_xml_are_not_read_here(client, zone, reader):
    address = f"/api/v1/gate/zones/{zone.slug}/steps/{steps_of(zone)['agreement'].pk}"
    assert_problem(client.post(address, {"decision": "agreed"}), 415, "unsupported_media_type")
    assert_problem(client.post(address, "<a/>", content_type="text/xml"), 415, "unsupported_media_type")


def test_a_step_belongs_to_its_zone(client, zone, reader):
    other = gated_zone()
    answer = take(client, zone, steps_of(other)["agreement"], decision="agreed", version=1)
    assert_problem(answer, 404, "not_found")
    assert_problem(take(client, zone, 10**12), 404, "not_found")
    assert_problem(client.get("/api/v1/gate/zones/nowhere"), 404, "not_found")


def test_the_verification_is_handed_in_elsewhere(client, zone, reader):
    problem = assert_problem(take(client, zone, steps_of(zone)["verification"]), 409, "conflict")
    assert "/api/v1/gate/verification" in problem["detail"]


def test_entering_again_after_the_admission_ran_out(client, zone):
    user = admitted_reader(zone)
    client.force_login(user)
    user.admissions.update(expires_at=timezone.now() - timedelta(days=1))
    seen = state(client, zone)
    assert (seen["reason"], seen["next_step"]["kind"]) == ("expired", "enter")
    assert take(client, zone, seen["next_step"]["id"]).json()["allowed"] is True
    assert_problem(take(client, zone, 0), 409, "already_decided")


def test_entering_when_something_is_missing(client, zone, reader):
    problem = assert_problem(take(client, zone, 0), 409, "step_out_of_order")
    assert problem["next_step"]["kind"] == "agreement"


def test_the_gate_at_the_audience_of_a_tightened_article(client, reader):
    zone = ZonePageFactory(audience="public")
    article = ArticlePageFactory(parent=zone, audience="hcp")
    locked = client.get(f"/api/v1/articles/{article.uuid}").json()["locked"]
    assert locked["gate"] == f"/api/v1/gate/zones/{zone.slug}?audience=hcp"
    assert locked["next_step"]["kind"] == "verification"
    seen = client.get(locked["gate"]).json()
    assert (seen["reason"], seen["audience"]) == ("verification_required", "hcp")
    assert state(client, zone)["reason"] == "public"


def test_the_audience_of_the_question_never_widens_the_zone(client, zone, reader):
    for audience in Audience.values:
        assert state(client, zone, audience=audience)["audience"] == "hcp"
    answer = client.get(f"/api/v1/gate/zones/{zone.slug}?audience=everyone")
    assert_problem(answer, 400, "invalid_parameter")


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("submitted", "pending_review"),
        ("in_review", "pending_review"),
        ("rejected", "rejected"),
        ("expired", "expired"),
        ("revoked", "revoked"),
    ],
)
def test_the_state_of_the_verification_is_told(client, zone, reader, case, reason):
    take_steps(reader, zone, until="verification")
    verification_in(case, reader)
    seen = state(client, zone)
    assert seen["reason"] == reason
    assert seen["verification"]["state"] == case
    if case == "submitted":
        assert seen["verification"]["position"] == 1
    if case == "rejected":
        assert seen["verification"]["field_reasons"] == {"credentials": "看不清编号"}
        assert seen["verification"]["reason"]


def test_wrong_and_unknown_fields_are_named_together(client, zone, reader):
    answer = take(client, zone, steps_of(zone)["agreement"], decision="skipped", version=1)
    (error,) = assert_problem(answer, 400, "invalid")["errors"]
    assert "agreed, refused" in error["message"]
    answer = take(client, zone, steps_of(zone)["agreement"], decision="maybe", version="x", user=7)
    errors = assert_problem(answer, 400, "invalid")["errors"]
    assert {error["field"] for error in errors} == {"decision", "version", "user"}


def test_where_a_decision_came_from_is_kept_as_a_hash_only(client, zone, reader):
    body = {"decision": "agreed", "version": current_version(client, zone)}
    take(client, zone, steps_of(zone)["agreement"], **body)
    record = ConsentRecord.objects.get()
    assert record.surface == "api"
    assert len(record.context_hash) == 64
    assert "127.0.0.1" not in record.context_hash


def test_the_state_costs_the_same_for_one_step_and_for_twenty(client, reader):
    def cost(zone) -> int:
        with CaptureQueriesContext(connection) as queries:
            state(client, zone)
        return len(queries)

    small, large = gated_zone("agreement", "profile"), gated_zone("agreement", "profile")
    for _ in range(9):
        add_step(large, "agreement")
        add_step(large, "profile")
    cost(small)  # the first request of a session also loads the account's permissions
    assert cost(small) == cost(large)

"""`/api/v1/me/answers`: seen and corrected by their own user only."""

from __future__ import annotations

import pytest

from api import scopes
from gate.models import AnswerSet
from tests.api.golden import assert_shape
from tests.api.test_gate import assert_problem
from tests.factories.api import bearer
from tests.factories.gate import UserFactory, admitted_reader, gated_zone

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/me/answers"


@pytest.fixture
def reader(client):
    user = admitted_reader(gated_zone("profile", slug="z", audience="registered"))
    client.force_login(user)
    return user


def post(client, address, answers, **kwargs):
    return client.post(address, {"answers": answers}, content_type="application/json", **kwargs)


def test_a_correction_is_a_new_version_and_the_zone_stays_open(client, reader):
    listed = client.get(ADDRESS)
    assert listed["Cache-Control"] == "private, no-store"
    assert_shape(listed.json(), "OwnAnswers")
    (item,) = listed.json()["items"]
    key = item["questionnaire"]["questions"][0]["key"]
    answer = post(client, item["correct"], item["answers"] | {key: "内镜中心"})
    assert answer.status_code == 200
    assert_shape(answer.json(), "OwnAnswers")
    (now,) = answer.json()["items"]
    assert (now["answers"][key], now["earlier"][0]["id"]) == ("内镜中心", item["id"])
    gate = client.get("/api/v1/gate/zones/z").json()
    assert (gate["allowed"], gate["reason"]) == (True, "admitted")
    assert_problem(post(client, item["correct"], item["answers"]), 409, "already_decided")


def test_each_wrong_answer_is_named(client, reader):
    (item,) = client.get(ADDRESS).json()["items"]
    key = item["questionnaire"]["questions"][0]["key"]
    problem = assert_problem(post(client, item["correct"], {key: 3, "other": "x"}), 400, "invalid")
    assert {error["field"] for error in problem["errors"]} == {f"answers.{key}", "answers.other"}
    problem = assert_problem(post(client, item["correct"], ["x"]), 400, "invalid")
    assert [error["field"] for error in problem["errors"]] == ["answers"]
    assert AnswerSet.objects.count() == 1


def test_it_is_ones_own_and_takes_the_scope(client, reader):
    (item,) = client.get(ADDRESS).json()["items"]
    client.logout()
    assert_problem(client.get(ADDRESS), 401, "not_authenticated")
    other = bearer(UserFactory(), scopes.ACCOUNT_READ, scopes.ACCOUNT_WRITE)
    assert client.get(ADDRESS, headers=other).json() == {"items": []}
    assert_problem(post(client, item["correct"], item["answers"], headers=other), 404, "not_found")
    reads = bearer(reader, scopes.ACCOUNT_READ)
    assert len(client.get(ADDRESS, headers=reads).json()["items"]) == 1
    assert_problem(post(client, item["correct"], {}, headers=reads), 403, "insufficient_scope")

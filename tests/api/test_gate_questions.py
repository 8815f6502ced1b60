"""Questions with conditions over the API, so that a front end can show and hide as the site does."""

from __future__ import annotations

import uuid

import pytest

from gate.models import AnswerSet, Question, Questionnaire
from gate.questions.publish import publish_questionnaire
from tests.factories.gate import UserFactory, add_step, gated_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(client):
    """(address of the step, body without answers, keys of the three questions)."""
    zone = gated_zone("agreement", audience="registered")
    zone.gate.steps.all().delete()
    made = Questionnaire.objects.create(kind="survey", title="收集问题")
    keys = [uuid.uuid4() for _number in range(3)]
    Question.objects.create(
        questionnaire=made, key=keys[0], sort_order=0, text="做内镜吗？", kind="single", choices="做\n不做"
    )
    Question.objects.create(
        questionnaire=made, key=keys[1], sort_order=1, text="几年？", kind="number",
        condition_question=keys[0], condition_value="做",
    )  # fmt: skip
    Question.objects.create(
        questionnaire=made, key=keys[2], sort_order=2, text="单位？", kind="department", required=False
    )
    version = publish_questionnaire(questionnaire=made, by=None)
    step = add_step(zone, "survey", questionnaire=made)
    client.force_login(UserFactory())
    address = f"/api/v1/gate/zones/{zone.slug}"
    return f"{address}/steps/{step.pk}", {"version": version.pk}, [str(key) for key in keys]


def test_the_state_says_when_a_question_is_shown(client, asked):
    address, _body, keys = asked
    state = client.get(address.split("/steps/")[0]).json()
    questions = state["steps"][0]["questionnaire"]["questions"]
    assert [item["shown_when"] for item in questions] == [None, {"question": keys[0], "value": "做"}, None]
    assert [bool(item["suggestions"]) for item in questions] == [False, False, True]
    assert questions[1]["required"] is True


def test_what_became_visible_is_asked_for_by_its_key(client, asked):
    address, body, keys = asked
    answer = client.post(address, body | {"answers": {keys[0]: "做"}}, "application/json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [f"answers.{keys[1]}"]
    assert not AnswerSet.objects.exists()


def test_what_is_hidden_is_not_kept(client, asked):
    address, body, keys = asked
    given = {keys[0]: "不做", keys[1]: "无意义", keys[2]: "内镜中心"}
    assert client.post(address, body | {"answers": given}, "application/json").status_code == 200
    assert AnswerSet.objects.get().answers == {keys[0]: "不做", keys[2]: "内镜中心"}

"""Answering the reviewer's question and asking for another review, through the API."""

from __future__ import annotations

import json

import pytest

from gate.models import CaseMessage, Credential
from gate.verification.replies import LONGEST_TEXT
from tests.api.golden import assert_shape
from tests.api.test_gate import assert_problem
from tests.factories.gate import (
    UserFactory,
    card_of,
    credential,
    reject,
    reviewer,
    submitted,
    verification_in,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/gate/verification"
ANSWER, APPEAL = f"{ADDRESS}/answer", f"{ADDRESS}/appeal"


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def appeal(client, **body):
    return client.post(APPEAL, json.dumps(body), content_type="application/json")


class TestAnswer:
    @pytest.fixture
    def case(self, reader):
        return verification_in("needs_answer", reader)

    def test_the_question_is_shown_and_answered_with_words_and_files(self, client, case):
        asked = client.get(ADDRESS).json()["verification"]
        assert (asked["state"], asked["question"]["text"]) == ("needs_answer", "请补充进修证明。")
        extra = credential(data=card_of(UserFactory()))
        answer = client.post(ANSWER, {"answer": "见附件。", "credentials": [extra]})
        assert answer.status_code == 200
        assert_shape(answer.json(), "VerificationAnswer")
        told = answer.json()["verification"]
        assert (told["state"], told["question"], told["credentials"]) == ("in_review", None, 2)
        assert answer["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("words", ["", " \n\t", "\x00", "长" * (LONGEST_TEXT + 1)])
    def test_nothing_or_too_much_is_refused_by_field(self, client, case, words):
        problem = assert_problem(client.post(ANSWER, {"answer": words}), 400, "invalid")
        assert [error["field"] for error in problem["errors"]] == ["answer"]
        case.refresh_from_db()
        assert case.state == "needs_answer"

    def test_a_file_that_is_no_picture_keeps_nothing_of_the_answer(self, client, case):
        bad = credential(data=b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        answer = client.post(ANSWER, {"answer": "见附件。", "credentials": [bad]})
        problem = assert_problem(answer, 400, "invalid")
        assert [error["field"] for error in problem["errors"]] == ["credentials"]
        assert not CaseMessage.objects.filter(kind="answer").exists()
        assert Credential.objects.count() == 1

    @pytest.mark.parametrize("name", ["state", "reviewer", "question", "zone"])
    def test_no_other_field_is_offered(self, client, case, name):
        problem = assert_problem(client.post(ANSWER, {"answer": "好的。", name: "1"}), 400, "invalid")
        assert [error["field"] for error in problem["errors"]] == [name]

    def test_once(self, client, case):
        assert client.post(ANSWER, {"answer": "好的。"}).status_code == 200
        assert_problem(client.post(ANSWER, {"answer": "好的。"}), 409, "already_decided")
        assert CaseMessage.objects.filter(kind="answer").count() == 1

    @pytest.mark.parametrize("state", ["submitted", "in_review", "rejected", "approved"])
    def test_without_a_question_there_is_nothing_to_answer(self, client, reader, state):
        verification_in(state, reader)
        assert_problem(client.post(ANSWER, {"answer": "好的。"}), 409, "already_decided")

    def test_nobody_answers_for_another(self, client, reader):
        case = verification_in("needs_answer")
        assert_problem(client.post(ANSWER, {"answer": "好的。"}), 409, "already_decided")
        case.refresh_from_db()
        assert case.state == "needs_answer"

    def test_it_needs_an_account(self, client):
        assert_problem(client.post(ANSWER, {"answer": "好的。"}), 401, "not_authenticated")


class TestAppeal:
    @pytest.fixture
    def case(self, reader):
        return verification_in("rejected", reader)

    def test_another_reviewer_is_to_look_again(self, client, case):
        offered = client.get(ADDRESS).json()["verification"]
        assert offered["appeal_until"] is not None
        answer = appeal(client, reason="编号放大后可以看清。")
        assert answer.status_code == 200
        assert_shape(answer.json(), "VerificationAnswer")
        told = answer.json()["verification"]
        assert (told["id"], told["state"]) == (str(case.uuid), "submitted")
        assert (told["appeal"]["text"], told["appeal_until"]) == ("编号放大后可以看清。", None)
        case.refresh_from_db()
        assert case.appealed_from is not None
        assert case.reviewer is None

    @pytest.mark.parametrize("reason", ["", " \n", "长" * (LONGEST_TEXT + 1), 7, None, ["x"], {}])
    def test_it_needs_a_reason_in_words(self, client, case, reason):
        problem = assert_problem(appeal(client, reason=reason), 400, "invalid")
        assert [error["field"] for error in problem["errors"]] == ["reason"]
        case.refresh_from_db()
        assert (case.state, case.appealed_from) == ("rejected", None)

    @pytest.mark.parametrize("body", ["[]", "null", "7", '"x"', "{", ""])
    def test_a_body_that_is_no_object_changes_nothing(self, client, case, body):
        answer = client.post(APPEAL, body, content_type="application/json")
        assert answer.status_code == 400
        case.refresh_from_db()
        assert case.state == "rejected"

    def test_no_other_field_is_offered(self, client, case):
        problem = assert_problem(appeal(client, reason="请再看。", reviewer=1), 400, "invalid")
        assert [error["field"] for error in problem["errors"]] == ["reviewer"]

    def test_once_for_each_request_whatever_comes_of_it(self, client, case):
        assert appeal(client, reason="请再看。").status_code == 200
        assert_problem(appeal(client, reason="请再看。"), 409, "already_decided")
        reject(case=case, reviewer=reviewer(), reason="仍然看不清。")
        assert client.get(ADDRESS).json()["verification"]["appeal_until"] is None
        assert_problem(appeal(client, reason="请再看。"), 409, "already_decided")

    def test_nobody_appeals_for_another(self, client, reader):
        case = verification_in("rejected")
        submitted(reader)
        assert_problem(appeal(client, reason="请再看。"), 409, "already_decided")
        case.refresh_from_db()
        assert case.state == "rejected"

    def test_it_needs_an_account(self, client):
        assert_problem(appeal(client, reason="请再看。"), 401, "not_authenticated")

"""Questions that depend on earlier answers: what is kept, what is asked, and what cannot be published."""

from __future__ import annotations

import uuid
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gate.decision.access import Access
from gate.errors import InvalidAnswers, NotPublishable
from gate.models import AnswerSet, Question, Questionnaire
from gate.questions.answer_checks import clean_answers
from gate.questions.conditions import is_shown
from gate.questions.drafts import draft_problems, frozen_questions
from gate.questions.publish import publish_questionnaire
from gate.questions.suggestions import suggestions
from tests.factories.gate import (
    UserFactory,
    add_step,
    gated_zone,
    questionnaire_version,
    steps_of,
    take_steps,
    verification_in,
)
from tests.factories.steps import submit_answers


def question(key, kind="text", *choices, when=None, required=True, bound=False):
    made = {
        "key": key,
        "kind": kind,
        "text": f"{key}？",
        "hint": "",
        "choices": list(choices),
        "required": required,
        "consent_bound": bound,
    }
    return made | ({"shown_when": {"question": when[0], "value": when[1]}} if when else {})


CHAIN = [
    question("smokes", "single", "是", "否"),
    question("years", "number", when=("smokes", "是")),
    question("why", "text", when=("years", "10")),
]


class TestAnswers:
    @pytest.mark.parametrize(
        ("given", "kept", "wrong"),
        [
            ({"smokes": "否"}, {"smokes": "否"}, set()),
            ({"smokes": "是"}, {"smokes": "是"}, {"years"}),
            ({"smokes": "是", "years": "3"}, {"smokes": "是", "years": 3}, set()),
            ({"smokes": "是", "years": "10.0"}, {"smokes": "是", "years": 10}, {"why"}),
            ({"smokes": "是", "years": "x"}, {"smokes": "是"}, {"years"}),
            ({"smokes": "否", "years": "10", "why": "忙"}, {"smokes": "否"}, set()),
            ({"smokes": "也许", "years": "10", "why": "忙"}, {}, {"smokes"}),
            ({}, {}, {"smokes"}),
        ],
    )
    def test_a_chain_is_followed_in_order(self, given, kept, wrong):
        found, problems = clean_answers(CHAIN, given, with_consent=True)
        assert (found, set(problems)) == (kept, wrong)

    def test_one_of_several_choices_is_enough(self):
        questions = [question("topics", "multiple", "甲", "乙"), question("more", when=("topics", "乙"))]
        assert set(clean_answers(questions, {"topics": ["甲", "乙"]}, with_consent=True)[1]) == {"more"}
        assert clean_answers(questions, {"topics": ["甲"]}, with_consent=True)[1] == {}

    def test_what_depends_on_a_question_without_consent_is_not_asked(self):
        questions = [question("a", "single", "是", "否", bound=True), question("b", when=("a", "是"))]
        assert clean_answers(questions, {"a": "是", "b": "因为"}, with_consent=False) == ({}, {})

    def test_an_optional_question_left_empty_hides_what_follows_from_it(self):
        questions = [question("a", required=False), question("b", when=("a", "是"))]
        assert clean_answers(questions, {"a": " ", "b": "因为"}, with_consent=True) == ({}, {})

    @pytest.mark.parametrize("kind", ["institution", "department"])
    def test_names_are_one_line(self, kind):
        questions = [question("name", kind)]
        assert clean_answers(questions, {"name": " 示范医院 "}, with_consent=True)[0] == {"name": "示范医院"}
        assert "name" in clean_answers(questions, {"name": "长" * 301}, with_consent=True)[1]

    def test_a_question_without_condition_is_always_shown(self):
        assert is_shown(question("a"), {})


def draft(*rows):
    """A draft of questions; a row's `after` is (place of another row, value)."""
    made = Questionnaire.objects.create(kind="survey", title="收集问题")
    keys = [uuid.uuid4() for _row in rows]
    for order, row in enumerate(rows):
        after = row.pop("after", None)
        condition = {"condition_question": after[0] if isinstance(after[0], uuid.UUID) else keys[after[0]],
                     "condition_value": after[1]} if after else {}  # fmt: skip
        Question.objects.create(questionnaire=made, sort_order=order, key=keys[order], **row, **condition)
    return made


YES_NO = {"text": "抽烟吗？", "kind": "single", "choices": "是\n否"}


@pytest.mark.django_db
class TestDrafts:
    def test_a_condition_is_frozen_with_its_version(self):
        made = draft(YES_NO, {"text": "几年？", "kind": "number", "after": (0, "是")})
        version = publish_questionnaire(questionnaire=made, by=None)
        smokes, years = version.questions
        assert years["shown_when"] == {"question": smokes["key"], "value": "是"}
        assert "shown_when" not in smokes
        made.questions.filter(text="几年？").update(condition_value="否")
        version.refresh_from_db()
        assert version.questions[1]["shown_when"]["value"] == "是"

    @pytest.mark.parametrize(
        "rows",
        [
            [YES_NO, {"text": "几年？", "after": (0, "也许")}],
            [YES_NO, {"text": "几年？", "after": (0, "")}],
            [{"text": "几年？", "after": (1, "是")}, YES_NO],
            [{"text": "几年？", "after": (0, "是")}],
            [YES_NO, {"text": "几年？", "after": (uuid.uuid4(), "是")}],
            [{"text": "几年？", "kind": "number"}, {"text": "为何？", "after": (0, "许多")}],
            [{"text": "何时？", "kind": "date"}, {"text": "为何？", "after": (0, "2026")}],
            [{"text": "说说", "kind": "long_text"}, {"text": "为何？", "after": (0, "好")}],
            [{"text": "选？", "kind": "single", "choices": "甲"}],
            [{"text": "选？", "kind": "single", "choices": "甲\n甲\n乙"}],
            [],
        ],
        ids=[
            "no such choice", "no value", "later", "itself", "deleted", "not a number", "not a date",
            "long text", "one choice", "choice twice", "empty",
        ],
    )  # fmt: skip
    def test_what_cannot_work_is_not_published(self, rows):
        made = draft(*[dict(row) for row in rows])
        assert len(draft_problems(frozen_questions(made))) == 1
        with pytest.raises(NotPublishable):
            publish_questionnaire(questionnaire=made, by=None)
        assert not made.versions.exists()

    def test_numbers_are_compared_as_numbers(self):
        made = draft({"text": "几年？", "kind": "number"}, {"text": "为何？", "after": (0, "10.0")})
        version = publish_questionnaire(questionnaire=made, by=None)
        key, dependent = version.questions[0]["key"], version.questions[1]["key"]
        assert set(clean_answers(version.questions, {key: "10"}, with_consent=True)[1]) == {dependent}

    def test_what_depends_on_a_consent_bound_question_is_bound_too(self):
        made = draft(
            YES_NO | {"consent_bound": True}, {"text": "几年？", "after": (0, "是")}, {"text": "姓？"}
        )
        version = publish_questionnaire(questionnaire=made, by=None)
        assert [item["consent_bound"] for item in version.questions] == [True, True, False]
        assert version.requires_consent == "some"

    def test_a_version_from_before_conditions_counts_as_the_same(self):
        version = questionnaire_version()
        assert all("shown_when" not in item for item in version.questions)
        with pytest.raises(NotPublishable):
            publish_questionnaire(questionnaire=version.questionnaire, by=None)


@pytest.mark.django_db
class TestReaders:
    def test_a_hidden_answer_is_never_kept_and_a_shown_one_is_demanded(self):
        zone = gated_zone("agreement", audience="registered")
        made = draft(YES_NO, {"text": "几年？", "kind": "number", "after": (0, "是")})
        version = publish_questionnaire(questionnaire=made, by=None)
        step = add_step(zone, "survey", questionnaire=made)
        reader = UserFactory()
        take_steps(reader, zone, until="survey")
        smokes, years = (item["key"] for item in version.questions)
        state = Access(reader).state(zone)
        shown = state.current.questionnaire.questions
        assert shown[0].condition is None
        assert (shown[1].condition.question, shown[1].condition.value) == (smokes, "是")
        submit = {"user": reader, "step": step, "version_id": version.pk}
        with pytest.raises(InvalidAnswers) as refusal:
            submit_answers(**submit, answers={smokes: "是"})
        assert list(refusal.value.fields) == [years]
        submit_answers(**submit, answers={smokes: "否", years: "12"})
        assert AnswerSet.objects.get().answers == {smokes: "否"}
        assert Access(reader).decide(zone.pk, "registered").allowed

    def test_suggestions_are_names_that_several_verified_people_gave(self):
        for _user in range(3):
            verification_in("approved", institution="示范第一医院", department="内镜中心")
        verification_in("approved", institution="只有一人的医院", department="独一科")
        for _user in range(3):
            verification_in("submitted", institution="未核实的医院")
        offered = suggestions(["institution", "department", "text"])
        assert offered["institution"] == ("示范第一医院",)
        assert offered["department"][0] == "内镜中心"
        assert "独一科" not in offered["department"]
        assert set(offered) == {"institution", "department"}

    def test_twenty_questions_cost_what_one_does(self):
        counts = []
        for number in (1, 20):
            zone = gated_zone("agreement", audience="registered")
            rows = [{"text": f"单位{place}", "kind": "institution"} for place in range(number)]
            add_step(
                zone, "survey", questionnaire=questionnaire_version("survey", questions=rows).questionnaire
            )
            reader = UserFactory()
            with CaptureQueriesContext(connection) as queries:
                Access(reader).state(zone)
            counts.append(len(queries))
        assert all(one == other for one, other in pairwise(counts))


class TestNumbers:
    """Bounds are asked, frozen, enforced and described."""

    @pytest.mark.parametrize(
        ("bounds", "value", "kept"),
        [
            ({}, "3.5", 3.5),
            ({}, 10**15 + 1, None),
            ({}, "1e400", None),
            ({}, float("nan"), None),
            ({}, True, None),
            ({"minimum": 0, "maximum": 60}, "0", 0),
            ({"minimum": 0, "maximum": 60}, 60, 60),
            ({"minimum": 0, "maximum": 60}, "-1", None),
            ({"minimum": 0, "maximum": 60}, 60.5, None),
            ({"minimum": 0.5}, "0.4", None),
            ({"maximum": -1}, "-1", -1),
            ({"whole_number": True}, "3", 3),
            ({"whole_number": True}, "3.0", 3),
            ({"whole_number": True}, 3.5, None),
        ],
    )
    def test_a_number_lies_within_its_bounds(self, bounds, value, kept):
        asked = question("years", "number") | bounds
        found, problems = clean_answers([asked], {"years": value}, with_consent=True)
        assert found == ({} if kept is None else {"years": kept})
        assert set(problems) == ({"years"} if kept is None else set())

    @pytest.mark.django_db
    def test_bounds_are_frozen_with_their_version_and_left_out_where_there_are_none(self):
        bounded = {"kind": "number", "text": "年限", "minimum": 0, "maximum": 60.5, "whole_number": True}
        made = draft(
            bounded, {"kind": "number", "text": "体重"}, {"kind": "text", "text": "别的", "minimum": 3}
        )
        first, *others = publish_questionnaire(questionnaire=made, by=None).questions
        assert (first["minimum"], first["maximum"], first["whole_number"]) == (0, 60.5, True)
        assert isinstance(first["minimum"], int)
        assert not {"minimum", "maximum", "whole_number"} & {name for item in others for name in item}

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "bounds",
        [
            {"minimum": 2, "maximum": 1},
            {"minimum": 1.2, "maximum": 1.8, "whole_number": True},
            {"minimum": 1e16},
        ],
    )
    def test_a_question_that_no_number_answers_is_not_published(self, bounds):
        with pytest.raises(NotPublishable):
            publish_questionnaire(questionnaire=draft({"kind": "number", "text": "年限", **bounds}), by=None)

    @pytest.mark.django_db
    def test_the_api_and_the_site_say_them_and_refuse_what_is_beyond(self, client):
        zone = gated_zone("survey", audience="registered")
        step = steps_of(zone)["survey"]
        made = step.questionnaire
        Question.objects.filter(questionnaire=made).delete()
        Question.objects.create(
            questionnaire=made,
            kind="number",
            text="年限",
            minimum=0,
            maximum=60,
            whole_number=True,
            sort_order=0,
            hint="<b>几年</b>",
        )
        version = publish_questionnaire(questionnaire=made, by=None, asks_again=True)
        client.force_login(UserFactory())
        (asked,) = client.get(f"/api/v1/gate/zones/{zone.slug}").json()["steps"][0]["questionnaire"][
            "questions"
        ]
        assert (asked["minimum"], asked["maximum"], asked["whole_number"]) == (0, 60, True)
        page = client.get(f"/gate/{zone.slug}/", headers={"Accept-Language": "en"}).content.decode()
        assert "From 0 to 60." in page
        assert "<b>几年</b>" not in page
        body = {"version": version.pk, "answers": {asked["key"]: 61}}
        address = f"/api/v1/gate/zones/{zone.slug}/steps/{step.pk}"
        answer = client.post(address, body, content_type="application/json")
        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == [f"answers.{asked['key']}"]
        body["answers"] = {asked["key"]: 60}
        assert client.post(address, body, content_type="application/json").status_code == 200

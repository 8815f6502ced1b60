"""A kind of step that only this module knows goes the whole way: nothing else has to name it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.db.models import Count
from django.urls import reverse

from gate.admin.desk.figures import Scope
from gate.admin.desk.funnel import funnels
from gate.decision import step_kinds
from gate.decision.access import Access
from gate.decision.facts import AnswerFact, Reason, StepRule, Subject, ZoneRules
from gate.decision.step_kinds import Body, Shown, StepAnswer, StepKind, Written
from gate.errors import InvalidAnswers
from gate.models import Admission, AnswerSet, GateStep, QuestionnaireVersion
from gate.privacy.export.document import document_of
from gate.questions.views import questions_view
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import UserFactory, gated_zone, questionnaire_version, take_steps

pytestmark = pytest.mark.django_db

RIGHT = "百分之五"
QUESTION = {"text": "随访的间隔是多少？", "kind": "text"}
TEMPLATE = (
    '{% extends "frontend_templates/gate/questions.html" %}{% block scripts %}<!-- quiz -->{% endblock %}'
)


class QuizStep(StepKind):
    """Questions that have to be answered rightly."""

    code = "quiz"
    title = "小测验"
    template = "quiz"
    body = Body.ANSWERS
    questionnaires = frozenset({"survey"})
    stages: ClassVar[Mapping[str, str]] = {code: "通过小测验"}

    def shortfall(self, subject: Subject, zone: ZoneRules, step: StepRule, *, now: datetime) -> Reason | None:
        passed = any(fact.version_id == step.version_id for fact in subject.answers)
        return None if passed else Reason.SURVEY_REQUIRED

    def minutes(self, step: StepRule) -> int:
        return 7

    def message(self, reason: Reason) -> str:
        return "请先完成小测验。"

    def shown(self, steps: Sequence[StepRule], subject: Subject, rules: ZoneRules) -> Mapping[int, Shown]:
        found = {step.id: self.load(step) for step in steps}
        return {
            step_id: Shown(
                questionnaire=questions_view(
                    version.questions,
                    version_id=version.pk,
                    title=version.title,
                    introduction="",
                    asks_bound=True,
                )
            )
            for step_id, version in found.items()
        }

    def load(self, step: StepRule) -> QuestionnaireVersion:
        return QuestionnaireVersion.objects.get(pk=step.version_id)

    def take(self, turn: Any, answer: StepAnswer) -> Written:
        (question,) = turn.version.questions
        if answer.answers.get(question["key"]) != RIGHT:
            raise InvalidAnswers({question["key"]: "请再想一想。"}, next_step=turn.step)
        record = AnswerSet.objects.create(
            user=turn.user,
            zone_id=turn.zone_id,
            version=turn.version,
            answers=dict(answer.answers),
            with_consent=False,
            submitted_at=turn.now,
        )
        fact = AnswerFact(turn.zone_id, turn.step.subject_id or 0, turn.version.pk, False)
        return Written(record, replace(turn.subject, answers=(*turn.subject.answers, fact)))

    def counted(self, within: Any) -> Iterable[tuple[int, str, int]]:
        steps = GateStep.objects.filter(kind=self.code).values("questionnaire_id")
        rows = AnswerSet.objects.filter(within("submitted_at"), version__questionnaire__in=steps)
        people = rows.order_by().values_list("zone_id").annotate(n=Count("user_id", distinct=True))
        return [(zone_id, self.code, n) for zone_id, n in people]


@pytest.fixture
def quiz(settings: Any, tmp_path: Any) -> Iterator[StepKind]:
    """The kind, registered, with its template. What a migration would change is lifted meanwhile: the
    constraint that names the kinds.
    """
    folder = tmp_path / "frontend_templates" / "gate"
    folder.mkdir(parents=True)
    (folder / "quiz.html").write_text(TEMPLATE)
    first, *others = settings.TEMPLATES
    settings.TEMPLATES = [first | {"DIRS": [tmp_path, *first["DIRS"]]}, *others]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("ALTER TABLE gate_gatestep DROP CONSTRAINT gate_step_has_its_subject")
    kind = QuizStep()
    step_kinds.register(kind)
    yield kind
    step_kinds.unregister(kind.code)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def zone(quiz: StepKind) -> Any:
    zone = gated_zone("agreement", audience="registered")
    version = questionnaire_version("survey", questions=[QUESTION])
    made = {"kind": quiz.code, "questionnaire": version.questionnaire, "sort_order": 9}
    GateStep.objects.create(gate_id=zone.pk, **made)
    return zone


@pytest.fixture
def reader(zone: Any, client: Any) -> Any:
    """A reader for whom nothing but the quiz is missing."""
    reader = UserFactory()
    take_steps(reader, zone, until="quiz")
    client.force_login(reader)
    return reader


@pytest.fixture
def step(zone: Any) -> GateStep:
    return GateStep.objects.get(gate_id=zone.pk, kind="quiz")


def key_of(step: GateStep) -> str:
    return step.questionnaire.versions.get().questions[0]["key"]


def post(client: Any, door: str, zone: Any, step: GateStep, answer: str) -> Any:
    version = step.questionnaire.versions.get()
    if door == "site":
        form = {"version": version.pk, key_of(step): answer}
        return client.post(reverse("site:gate_step", args=[zone.slug, step.pk]), form)
    body = {"version": version.pk, "answers": {key_of(step): answer}}
    path = f"/api/v1/gate/zones/{zone.slug}/steps/{step.pk}"
    return client.post(path, body, content_type="application/json")


def test_it_is_lacking_and_the_policy_denies(zone, reader, step):
    decision = Access(reader).decide(zone.pk, "registered")
    assert (decision.allowed, decision.reason) == (False, Reason.SURVEY_REQUIRED)
    assert (decision.next_step.id, decision.next_step.kind) == (step.pk, "quiz")


def test_the_state_names_it(zone, reader, step):
    state = Access(reader).state(zone)
    assert [(one.kind, one.state) for one in state.steps] == [("agreement", "done"), ("quiz", "now")]
    assert (state.current.id, state.current.title) == (step.pk, step.questionnaire.title)
    assert (state.current.screen, state.minutes_left) == ("quiz", 7)
    assert state.message == "请先完成小测验。"


def test_the_api_lists_it_with_its_questions_and_its_address(zone, reader, step, client):
    GateStep.objects.filter(pk=step.pk).update(title="本专区小测验")
    found = client.get(f"/api/v1/gate/zones/{zone.slug}").json()
    shown = found["steps"][1]
    assert (shown["kind"], shown["title"], shown["minutes"], shown["state"]) == (
        "quiz",
        "本专区小测验",
        7,
        "now",
    )
    assert shown["url"] == found["next_step"]["url"] == f"/api/v1/gate/zones/{zone.slug}/steps/{step.pk}"
    assert [question["key"] for question in shown["questionnaire"]["questions"]] == [key_of(step)]


def test_a_locked_article_points_to_it(zone, reader, step, client):
    article = ArticlePageFactory(parent=zone)
    locked = client.get(f"/api/v1/articles/{article.uuid}").json()["locked"]
    assert (locked["next_step"]["kind"], locked["message"]) == ("quiz", "请先完成小测验。")
    assert [line["kind"] for line in locked["steps"]] == ["agreement", "quiz"]


def test_the_reader_site_shows_its_screen(zone, reader, step, client):
    page = client.get(reverse("site:gate", args=[zone.slug]))
    assert page.status_code == 200
    assert "frontend_templates/gate/quiz.html" in [template.name for template in page.templates]
    assert QUESTION["text"] in page.content.decode()


@pytest.mark.parametrize("door", ["site", "api"])
def test_a_wrong_answer_is_refused_with_its_field(zone, reader, step, client, door):
    answer = post(client, door, zone, step, "不知道")
    assert answer.status_code == (422 if door == "site" else 400)
    if door == "site":
        assert "frontend_templates/gate/quiz.html" in [template.name for template in answer.templates]
    else:
        assert [error["field"] for error in answer.json()["errors"]] == [f"answers.{key_of(step)}"]
    assert "请再想一想" in answer.content.decode()
    assert not AnswerSet.objects.exists()
    assert not Access(reader).decide(zone.pk, "registered").allowed


@pytest.mark.parametrize("door", ["site", "api"])
def test_the_right_answer_admits(zone, reader, step, client, door):
    answer = post(client, door, zone, step, RIGHT)
    assert answer.status_code == (302 if door == "site" else 200)
    if door == "api":
        assert (answer.json()["reason"], answer.json()["steps"][1]["state"]) == ("admitted", "done")
    assert Admission.objects.get().user == reader
    assert Access(reader).decide(zone.pk, "registered").reason == Reason.ADMITTED


def test_it_cannot_be_taken_before_its_turn(zone, step, client):
    client.force_login(UserFactory())
    answer = post(client, "api", zone, step, RIGHT)
    assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (409, "step_out_of_order")
    assert answer.json()["next_step"]["kind"] == "agreement"


def test_the_funnel_of_the_desk_counts_it(zone, reader, step, client):
    post(client, "api", zone, step, RIGHT)
    (funnel,) = funnels(Scope(None, 7), [zone])
    assert dict(funnel.stages)["通过小测验"] == 1
    labels = [label for label, _people in funnel.stages]
    assert labels.index("通过小测验") == 1


def test_own_data_shows_what_was_answered(zone, reader, step, client):
    post(client, "site", zone, step, RIGHT)
    (answers,) = document_of(reader)["answers"]
    assert answers["answers"] == [{"question": QUESTION["text"], "answer": RIGHT}]
    (entry,) = client.get("/api/v1/me/answers").json()["items"]
    assert entry["answers"] == {key_of(step): RIGHT}

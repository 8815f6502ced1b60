"""Correcting answers: a new version counts, the one before is kept, and no zone closes meanwhile."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gate.decision.access import Access
from gate.errors import AlreadyDecided, InvalidAnswers, UnknownAnswers
from gate.models import AnswerSet, AuditEvent, GateStep, Question, Questionnaire
from gate.privacy.export.document import document_of
from gate.questions.answers import correct_answers
from gate.questions.own_answers import answers_of
from gate.questions.publish import publish_questionnaire
from gate.questions.results.selection import Selection
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    gated_zone,
    questionnaire_version,
    steps_of,
    take_steps,
)
from tests.factories.steps import decide_agreement, submit_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return gated_zone("consent", "profile", audience="registered")


@pytest.fixture
def reader(zone):
    return admitted_reader(zone)


def given_by(reader):
    return answers_of(reader)[0].current


def correct(reader, values, **changed):
    given = given_by(reader)
    return correct_answers(user=reader, given=given.id, answers=given.values | values, **changed)


def first_key(reader):
    return answers_of(reader)[0].questions.questions[0].key  # answered with a line of text


def test_the_new_version_counts_the_old_one_stays_and_the_zone_is_open(reader, zone):
    before = Access(reader).decide(zone.pk, zone.audience)
    old, key = reader.answer_sets.get(), first_key(reader)
    new = correct(reader, {key: "内镜中心"})
    assert (new.corrects, new.version, new.with_consent) == (old, old.version, old.with_consent)
    assert AnswerSet.objects.get(pk=old.pk).answers == old.answers
    assert given_by(reader).values[key] == "内镜中心"
    assert [given.id for given in answers_of(reader)[0].earlier] == [old.uuid]
    assert Access(reader).decide(zone.pk, zone.audience) == before
    entry = AuditEvent.objects.get(action="data_corrected")
    assert (entry.actor, entry.subject, entry.detail) == (reader, reader, {"fields": [key]})
    assert "内镜中心" not in str(entry.detail)


def test_results_hold_what_was_corrected_and_own_data_both(reader, zone):
    key = first_key(reader)
    old = reader.answer_sets.get()
    new = correct(reader, {key: "内镜中心"})
    selection = Selection(new.version.questionnaire, frozenset({zone.pk}))
    assert list(selection.answer_sets()) == [new]
    assert [row.answers[key] for row in selection.latest_answers()] == ["内镜中心"]
    exported = {row["id"]: row for row in document_of(reader)["answers"]}
    assert exported[str(old.uuid)]["corrected"] is True
    assert (exported[str(new.uuid)]["corrects"], exported[str(new.uuid)]["corrected"]) == (
        str(old.uuid),
        False,
    )


def test_wrong_answers_are_named_and_nothing_is_written(reader):
    key = first_key(reader)
    with pytest.raises(InvalidAnswers) as refusal:
        correct(reader, {key: "", "no-such-question": "1"})
    assert set(refusal.value.fields) == {key, "no-such-question"}
    assert reader.answer_sets.count() == 1
    assert not AuditEvent.objects.filter(action="data_corrected").exists()


def test_the_same_again_writes_nothing(reader):
    assert correct(reader, {}) == reader.answer_sets.get()
    assert not AuditEvent.objects.filter(action="data_corrected").exists()


def test_only_the_newest_is_corrected_and_only_ones_own(reader, zone):
    stale, key = given_by(reader), first_key(reader)
    correct(reader, {key: "内镜中心"})
    with pytest.raises(AlreadyDecided):
        correct_answers(user=reader, given=stale.id, answers=stale.values | {key: "普外科"})
    for user, given in ((admitted_reader(zone), stale.id), (reader, uuid4())):
        with pytest.raises(UnknownAnswers):
            correct_answers(user=user, given=given, answers=stale.values)
    assert reader.answer_sets.count() == 2


def test_conditions_between_questions_apply():
    made = Questionnaire.objects.create(kind="profile", title="操作")
    does = Question.objects.create(
        questionnaire=made, sort_order=0, text="从事操作吗", kind="single", choices="做\n不做"
    )
    many = Question.objects.create(
        questionnaire=made,
        sort_order=1,
        text="每年多少例",
        kind="number",
        condition_question=does.key,
        condition_value="做",
    )
    publish_questionnaire(questionnaire=made, by=None)
    zone = gated_zone("consent", audience="registered")
    GateStep.objects.create(gate_id=zone.pk, sort_order=9, kind="profile", questionnaire=made)
    reader = UserFactory()
    take_steps(reader, zone, until="profile")
    step = steps_of(zone)["profile"]
    submit_answers(
        user=reader,
        step=step,
        version_id=made.versions.get().pk,
        answers={str(does.key): "做", str(many.key): "30"},
    )
    with pytest.raises(InvalidAnswers) as refusal:
        correct(reader, {str(many.key): ""})
    assert set(refusal.value.fields) == {str(many.key)}
    assert correct(reader, {str(does.key): "不做"}).answers == {str(does.key): "不做"}


def test_withdrawing_the_consent_takes_bound_answers_out_of_every_version(reader, zone):
    correct(reader, {first_key(reader): "内镜中心"})
    step = steps_of(zone)["consent"]
    decide_agreement(user=reader, step=step, version_id=None, decision="withdrawn", surface="test")
    assert [len(row.answers) for row in reader.answer_sets.order_by("pk")] == [1, 1]
    assert answers_of(reader)[0].correctable
    bound = next(item["key"] for item in AnswerSet.objects.first().version.questions if item["consent_bound"])
    assert bound not in correct(reader, {first_key(reader): "普外科", bound: "愿意"}).answers


def test_what_needed_the_consent_as_a_whole_is_not_corrected_without_it(reader, zone):
    GateStep.objects.filter(pk=steps_of(zone)["profile"].pk).update(needs_consent=True)
    decide_agreement(
        user=reader, step=steps_of(zone)["consent"], version_id=None, decision="withdrawn", surface="test"
    )
    entry = answers_of(reader)[0]
    assert not entry.correctable
    with pytest.raises(AlreadyDecided):
        correct_answers(user=reader, given=entry.current.id, answers={})


def test_it_needs_no_step_that_the_zone_still_asks(reader, zone):
    key = first_key(reader)
    GateStep.objects.filter(gate_id=zone.pk).delete()
    assert correct(reader, {key: "内镜中心"}).answers[key] == "内镜中心"


@pytest.mark.parametrize(
    "change",
    [
        lambda row: {"answers": row.answers | {"more": "1"}},
        lambda row: {"answers": dict.fromkeys(row.answers, "别的")},
        lambda row: {"submitted_at": row.submitted_at - timedelta(days=1)},
        lambda row: {"version": questionnaire_version()},
        lambda row: {"user": UserFactory()},
    ],
)
def test_the_database_refuses_to_rewrite_answers(reader, change):
    row = reader.answer_sets.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        AnswerSet.objects.filter(pk=row.pk).update(**change(row))
    row.refresh_from_db()
    assert row == reader.answer_sets.get()
    AnswerSet.objects.filter(pk=row.pk).update(answers={})  # taken out, as a withdrawal does


def test_the_list_costs_the_same_for_many(reader, zone):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            answers_of(reader)
        return len(queries)

    key = first_key(reader)
    few = cost()
    for number in range(4):
        correct(reader, {key: f"第{number}科"})
    take_steps(reader, gated_zone("profile", audience="registered"))
    assert cost() == few

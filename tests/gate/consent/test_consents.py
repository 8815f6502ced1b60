"""Consents that hold up: separate ones, withdrawal at any time, and new versions of a text."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from gate.consent.agreements import publish_agreement
from gate.consent.decisions import withdraw_consent
from gate.consent.history import consents_of
from gate.decision.access import Access
from gate.decision.facts import ConsentDecision, Reason
from gate.errors import AlreadyDecided, StaleVersion, StepOutOfOrder, UnknownConsent
from gate.models import Admission, AnswerSet, ConsentRecord, GateStep
from gate.steps.checks import problem_with_order
from tests.factories.gate import (
    UserFactory,
    add_step,
    admitted_reader,
    agreement_version,
    answers_to,
    credential_text,
    gated_zone,
    questionnaire_version,
    steps_of,
    take_steps,
)
from tests.factories.steps import decide_agreement, submit_answers

pytestmark = pytest.mark.django_db


def decide(user, step, decided, version=None):
    version_id = version or step.agreement.versions.latest("number").pk
    return decide_agreement(user=user, step=step, version_id=version_id, decision=decided, surface="test")


def withdraw(user, record, **kwargs):
    return withdraw_consent(user=user, consent=record.uuid, surface="test", **kwargs)


def new_version(step, text="<p>新文本。</p>", **kwargs):
    agreement = step.agreement
    agreement.draft_text = text
    agreement.save()
    return publish_agreement(agreement=agreement, by=None, **kwargs)


def reason(user, zone, audience="registered"):
    return Access(user).decide(zone.pk, audience).reason


class TestSeparateConsents:
    @pytest.mark.parametrize("kind", ["publication", "sharing", "cross_border"])
    @pytest.mark.parametrize("decided", ["agreed", "skipped"])
    def test_each_is_a_step_of_its_own_that_can_be_declined(self, kind, decided):
        zone = gated_zone("agreement", audience="registered")
        step = add_step(zone, "separate_consent", agreement=agreement_version(kind).agreement)
        reader = UserFactory()
        take_steps(reader, zone, until="separate_consent")
        assert reason(reader, zone) == Reason.CONSENT_REQUIRED
        decide(reader, step, decided)
        assert reason(reader, zone) == Reason.ADMITTED

    def test_declining_one_leaves_everything_else_as_it_is(self):
        zone = gated_zone("agreement", "consent", "separate_consent", "profile", audience="registered")
        reader = admitted_reader(zone)
        before = AnswerSet.objects.get().answers
        assert len(before) == 2
        record = ConsentRecord.objects.get(version__agreement__kind="sharing")
        withdraw(reader, record)
        assert reason(reader, zone) == Reason.ADMITTED
        assert AnswerSet.objects.get().answers == before
        latest = {entry.kind: entry.latest.decision for entry in consents_of(reader)}
        assert latest == {"identity": "agreed", "consent": "agreed", "sharing": "withdrawn"}

    def test_agreeing_to_one_asks_no_consent_bound_question(self):
        zone = gated_zone("consent", "separate_consent", "profile", audience="registered")
        reader = UserFactory()
        steps = steps_of(zone)
        decide(reader, steps["consent"], "skipped")
        decide(reader, steps["separate_consent"], "agreed")
        asked = Access(reader).state(zone).current.questionnaire.questions
        assert [question.text for question in asked] == ["您的专业方向？"]

    def test_a_step_takes_texts_of_its_own_kind_only(self):
        zone = gated_zone("agreement")
        for kind, wrong in (
            ("separate_consent", "consent"),
            ("consent", "sharing"),
            ("agreement", "publication"),
        ):
            step = GateStep(gate_id=zone.pk, kind=kind, agreement=agreement_version(wrong).agreement)
            with pytest.raises(ValidationError) as refusal:
                step.clean()
            assert set(refusal.value.message_dict) == {"agreement"}


class TestStepsThatNeedTheConsent:
    @pytest.fixture
    def zone(self):
        zone = gated_zone("consent", audience="registered")
        plain = questionnaire_version("survey", questions=[{"text": "想了解什么？"}])
        add_step(zone, "survey", questionnaire=plain.questionnaire, needs_consent=True)
        return zone

    def test_who_declines_is_not_asked(self, zone):
        reader = UserFactory()
        decide(reader, steps_of(zone)["consent"], "skipped")
        assert reason(reader, zone) == Reason.ADMITTED
        assert [step.state for step in Access(reader).state(zone).steps] == ["skipped", "skipped"]

    def test_who_agrees_is_asked_and_withdrawing_deletes_all_of_it(self, zone):
        reader = UserFactory()
        steps = steps_of(zone)
        record = decide(reader, steps["consent"], "agreed")
        assert reason(reader, zone) == Reason.SURVEY_REQUIRED
        version = steps["survey"].questionnaire.versions.get()
        submit_answers(user=reader, step=steps["survey"], version_id=version.pk, answers=answers_to(version))
        assert reason(reader, zone) == Reason.ADMITTED
        withdraw(reader, record)
        row = AnswerSet.objects.get()
        assert (row.answers, row.with_consent) == ({}, False)
        assert reason(reader, zone) == Reason.ADMITTED

    def test_without_a_consent_the_gate_is_not_saved_that_way(self, zone):
        steps = list(GateStep.objects.filter(gate_id=zone.pk).order_by("sort_order"))
        assert problem_with_order(steps) is None
        assert problem_with_order(steps[1:]) is not None

    def test_the_mark_is_dropped_from_other_kinds(self):
        credential_text()
        step = GateStep(kind="verification", needs_consent=True)
        step.clean()
        assert step.needs_consent is False

    def test_a_verification_step_waits_for_the_text_on_credentials(self):
        with pytest.raises(ValidationError):
            GateStep(kind="verification").clean()


class TestNewVersions:
    @pytest.mark.parametrize("kind", ["agreement", "consent", "separate_consent"])
    def test_an_old_version_is_withdrawn_while_the_new_one_waits(self, kind):
        zone = gated_zone(kind, audience="registered")
        reader = admitted_reader(zone)
        step = steps_of(zone)[kind]
        old = ConsentRecord.objects.get()
        new = new_version(step, asks_again=True)
        waiting = reason(reader, zone)
        assert waiting in (Reason.AGREEMENT_REQUIRED, Reason.CONSENT_REQUIRED)
        (entry,) = consents_of(reader)
        assert (entry.withdrawable, entry.awaits_decision) == (True, True)
        record = withdraw(reader, old)
        assert (record.version, record.decision) == (old.version, "withdrawn")
        # It decided nothing on the new version.
        assert reason(reader, zone) == waiting
        assert Access(reader).state(zone).current.decided is None
        decide(reader, step, "agreed", new.pk)
        assert reason(reader, zone) == Reason.ADMITTED

    def test_the_same_as_a_step(self):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        step = steps_of(zone)["agreement"]
        new_version(step, asks_again=True)
        record = decide_agreement(
            user=reader, step=step, version_id=None, decision="withdrawn", surface="test"
        )
        assert record.version.number == 1
        with pytest.raises(AlreadyDecided):
            decide_agreement(user=reader, step=step, version_id=None, decision="withdrawn", surface="test")

    def test_an_old_consent_can_be_withdrawn_after_the_new_text_was_declined(self):
        zone = gated_zone("consent", "profile", audience="registered")
        reader = admitted_reader(zone)
        old = ConsentRecord.objects.get()
        step = steps_of(zone)["consent"]
        new_version(step, asks_again=True)
        decide(reader, step, "skipped")
        assert len(AnswerSet.objects.get().answers) == 2
        assert withdraw(reader, old).version == old.version
        assert len(AnswerSet.objects.get().answers) == 1
        assert reason(reader, zone) == Reason.ADMITTED

    def test_a_withdrawal_is_of_what_was_agreed_to_last(self):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        first = ConsentRecord.objects.get()
        step = steps_of(zone)["agreement"]
        second = decide(reader, step, "agreed", new_version(step, asks_again=True).pk)
        assert withdraw(reader, first).version == second.version
        assert reason(reader, zone) == Reason.WITHDRAWN
        with pytest.raises(AlreadyDecided):
            withdraw(reader, first)

    def test_a_step_for_an_old_version_says_what_changed(self):
        zone = gated_zone(audience="registered")
        step = steps_of(zone)["agreement"]
        old = step.agreement.versions.get()
        new_version(step, "<p>请确认。</p><p>我们会保存 &lt;三年&gt;。</p>")
        with pytest.raises(StaleVersion) as refusal:
            decide(UserFactory(), step, "agreed", old.pk)
        changes = refusal.value.changes
        assert (changes.old, changes.new) == (1, 2)
        assert [(passage.kind, passage.text) for passage in changes.passages] == [
            ("added", "我们会保存 <三年>。")
        ]
        assert not ConsentRecord.objects.exists()

    def test_a_version_counts_from_the_moment_it_takes_effect(self, clock):
        zone = gated_zone("agreement", audience="registered")
        step, reader = steps_of(zone)["agreement"], admitted_reader(zone)
        old = step.agreement.versions.get()
        new = new_version(step, asks_again=True, effective_from=clock.now + timedelta(days=1))
        assert reason(reader, zone) == Reason.ADMITTED
        late = UserFactory()
        with pytest.raises(StaleVersion) as refusal:
            decide(late, step, "agreed", new.pk)
        assert refusal.value.current == old.pk
        clock.now += timedelta(days=1)
        assert reason(reader, zone) == Reason.AGREEMENT_REQUIRED
        assert decide(late, step, "agreed", new.pk).version == new

    def test_a_version_of_another_text_is_not_compared(self):
        zone = gated_zone("agreement")
        other = agreement_version(text="<p>别的。</p>")
        with pytest.raises(StaleVersion) as refusal:
            decide(UserFactory(), steps_of(zone)["agreement"], "agreed", other.pk)
        assert refusal.value.changes is None

    def test_who_is_asked_again_sees_what_changed(self, django_assert_num_queries):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        assert Access(reader).state(zone).steps[0].agreement.changes is None
        new_version(steps_of(zone)["agreement"], asks_again=True)
        assert Access(reader).state(zone).current.agreement.changes.old == 1
        assert Access(UserFactory()).state(zone).current.agreement.changes is None


class TestWithdrawing:
    def test_nobody_withdraws_for_somebody_else(self):
        zone = gated_zone("agreement", audience="registered")
        admitted_reader(zone)
        with pytest.raises(UnknownConsent):
            withdraw(UserFactory(), ConsentRecord.objects.get())
        with pytest.raises(UnknownConsent):
            withdraw_consent(user=UserFactory(), consent=uuid4(), surface="test")
        assert ConsentRecord.objects.count() == 1

    def test_answers_are_no_longer_marked_as_consented_and_are_asked_for_again(self):
        zone = gated_zone("consent", "profile", audience="registered")
        reader = admitted_reader(zone)
        withdraw(reader, ConsentRecord.objects.get())
        row = AnswerSet.objects.get()
        assert (len(row.answers), row.with_consent) == (1, False)
        assert reason(reader, zone) == Reason.ADMITTED
        decide(reader, steps_of(zone)["consent"], "agreed")
        assert reason(reader, zone) == Reason.PROFILE_REQUIRED
        asked = Access(reader).state(zone).current.questionnaire.questions
        assert len(asked) == 2

    def test_so_are_those_that_left_every_bound_question_out(self):
        """With consent, though an optional question was not answered: the mark goes all the same."""
        questions = [
            {"text": "专业方向", "kind": "text"},
            {"text": "愿意随访", "kind": "text", "consent_bound": True, "required": False},
        ]
        zone = gated_zone("consent", audience="registered")
        version = questionnaire_version(questions=questions)
        step = add_step(zone, "profile", questionnaire=version.questionnaire)
        reader = UserFactory()
        record = decide(reader, steps_of(zone)["consent"], "agreed")
        first = {version.questions[0]["key"]: "内科"}
        submit_answers(user=reader, step=step, version_id=version.pk, answers=first)
        assert AnswerSet.objects.get().with_consent
        withdraw(reader, record)
        assert (AnswerSet.objects.get().answers, AnswerSet.objects.get().with_consent) == (first, False)

    def test_waits_for_no_step_that_is_open_again(self):
        zone = gated_zone("agreement", "consent", audience="registered")
        reader, steps = admitted_reader(zone), steps_of(zone)
        withdrawn = {"user": reader, "version_id": None, "decision": "withdrawn", "surface": "test"}
        decide_agreement(step=steps["agreement"], **withdrawn)
        assert decide_agreement(step=steps["consent"], **withdrawn).decision == "withdrawn"
        with pytest.raises(StepOutOfOrder):
            decide(reader, steps["consent"], "agreed")

    def test_what_was_refused_cannot_be_withdrawn(self):
        zone = gated_zone("agreement", audience="registered")
        reader = UserFactory()
        record = decide(reader, steps_of(zone)["agreement"], "refused")
        with pytest.raises(AlreadyDecided):
            withdraw(reader, record)

    def test_it_works_where_the_zone_asks_no_longer_and_where_it_is_gone(self):
        asks_no_longer, gone = (gated_zone("agreement", audience="registered") for _number in range(2))
        readers = [admitted_reader(asks_no_longer), admitted_reader(gone)]
        GateStep.objects.filter(gate_id=asks_no_longer.pk).delete()
        gone.delete()
        for reader in readers:
            (entry,) = consents_of(reader)
            assert (entry.withdrawable, entry.step_id) == (True, None)
            withdraw(reader, ConsentRecord.objects.get(user=reader))
            assert [entry.withdrawable for entry in consents_of(reader)] == [False]

    def test_the_request_after_it_is_denied_and_no_admission_is_written(self):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        withdraw(reader, ConsentRecord.objects.get(), context="192.0.2.7 Firefox")
        assert reason(reader, zone) == Reason.WITHDRAWN
        assert Admission.objects.count() == 1
        assert ConsentRecord.objects.latest("pk").context_hash


def test_the_list_costs_the_same_for_one_decision_and_for_twenty(django_assert_max_num_queries):
    one, many = UserFactory(), UserFactory()
    zones = [gated_zone("agreement", audience="registered") for _number in range(10)]
    take_steps(one, zones[0])
    for zone in zones:
        take_steps(many, zone)
        withdraw(many, ConsentRecord.objects.filter(user=many).latest("pk"))
    for user, count in ((one, 1), (many, 10)):
        with django_assert_max_num_queries(6):
            assert len(consents_of(user)) == count


def test_entries_of_an_agreement_and_a_questionnaire_with_one_number_are_not_confused():
    zone = gated_zone("profile", "agreement", audience="registered")
    reader = admitted_reader(zone)
    (entry,) = consents_of(reader)
    assert entry.step_id == steps_of(zone)["agreement"].pk
    assert dataclasses.asdict(entry)["decisions"][0]["decision"] == ConsentDecision.AGREED


@pytest.mark.postgres  # not for what it asks of the database, but for its fifteen seconds
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_old_records_get_names_of_their_own_and_stay_locked():
    """Migration 0007 on a table with rows: no two get the same name, and the triggers are back."""
    zone = gated_zone("agreement", audience="registered")
    readers = [admitted_reader(zone) for _number in range(3)]
    executor = MigrationExecutor(connection)
    latest = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "gate"]
    try:
        executor.migrate([("gate", "0006_signals")])
        assert "uuid" not in [
            column.name
            for column in connection.introspection.get_table_description(
                connection.cursor(), "gate_consentrecord"
            )
        ]
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert ConsentRecord.objects.count() == len(readers)
    assert len(set(ConsentRecord.objects.values_list("uuid", flat=True))) == len(readers)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("UPDATE gate_consentrecord SET surface = 'x'")

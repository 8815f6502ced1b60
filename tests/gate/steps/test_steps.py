"""Taking the steps of a gate: order, versions, changes of mind, and the admission at the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gate.consent.agreements import publish_agreement
from gate.decision.access import Access
from gate.decision.facts import ConsentDecision, Reason
from gate.errors import (
    AlreadyDecided,
    InvalidAnswers,
    InvalidConsentDecision,
    NotYourCase,
    StaleVersion,
    StepOutOfOrder,
    UnknownStep,
)
from gate.models import (
    Admission,
    AnswerSet,
    AppendOnlyError,
    ConsentRecord,
    QuestionnaireVersion,
    User,
    ZoneGate,
)
from gate.questions.publish import publish_questionnaire
from gate.steps.admissions import reopen_admission, revoke_admission
from gate.verification.submission import submit_verification
from tests.factories.gate import (
    UserFactory,
    add_step,
    admitted_reader,
    agreement_version,
    allow_credentials,
    answers_to,
    application,
    approve,
    credential,
    gated_zone,
    permit,
    questionnaire_version,
    reject,
    reviewer,
    steps_of,
    submitted,
    take_steps,
)
from tests.factories.steps import decide_agreement, enter, submit_answers

pytestmark = pytest.mark.django_db


def decide(user, step, decided, version=None, **kwargs):
    version_id = version or step.agreement.versions.latest("number").pk
    return decide_agreement(
        user=user, step=step, version_id=version_id, decision=decided, surface="test", **kwargs
    )


def reason(user, zone, audience="hcp"):
    return Access(user).decide(zone.pk, audience).reason


def test_the_whole_way_once():
    zone = gated_zone()
    steps = steps_of(zone)
    reader = UserFactory()
    assert reason(reader, zone) == Reason.AGREEMENT_REQUIRED
    decide(reader, steps["agreement"], "agreed")
    assert reason(reader, zone) == Reason.CONSENT_REQUIRED
    decide(reader, steps["consent"], "skipped")
    for kind, expected in (("profile", Reason.PROFILE_REQUIRED), ("survey", Reason.SURVEY_REQUIRED)):
        assert reason(reader, zone) == expected
        version = steps[kind].questionnaire.versions.get()
        submit_answers(user=reader, step=steps[kind], version_id=version.pk, answers=answers_to(version))
    assert reason(reader, zone) == Reason.VERIFICATION_REQUIRED
    case = submit_verification(
        user=allow_credentials(reader), data=application(), files=[credential()], zone=zone
    )
    assert reason(reader, zone) == Reason.PENDING_REVIEW
    reject(case=case, reviewer=reviewer(), reason="看不清")
    assert reason(reader, zone) == Reason.REJECTED
    again = submit_verification(
        user=allow_credentials(reader), data=application(), files=[credential()], zone=zone
    )
    assert not Admission.objects.exists()
    approve(case=again, reviewer=reviewer())
    assert reason(reader, zone) == Reason.ADMITTED
    assert Admission.objects.get().user == reader


class TestOrder:
    def test_a_later_step_names_the_one_that_is_next(self):
        zone = gated_zone()
        reader = UserFactory()
        with pytest.raises(StepOutOfOrder) as refusal:
            decide(reader, steps_of(zone)["consent"], "agreed")
        assert refusal.value.next_step.kind == "agreement"
        with pytest.raises(StepOutOfOrder) as refusal:
            submit_verification(
                user=allow_credentials(reader), data=application(), files=[credential()], zone=zone
            )
        assert refusal.value.next_step.kind == "agreement"
        assert not ConsentRecord.objects.exclude(zone=None).exists()

    def test_a_step_taken_twice_names_the_one_that_is_next(self):
        zone = gated_zone()
        reader = UserFactory()
        decide(reader, steps_of(zone)["agreement"], "agreed")
        with pytest.raises(AlreadyDecided) as refusal:
            decide(reader, steps_of(zone)["agreement"], "agreed")
        assert refusal.value.next_step.kind == "consent"
        assert ConsentRecord.objects.count() == 1

    def test_a_step_that_does_not_exist(self):
        with pytest.raises(UnknownStep):
            decide_agreement(user=UserFactory(), step=9999, version_id=1, decision="agreed", surface="test")

    def test_answers_are_no_decision(self):
        zone = gated_zone("agreement", "profile")
        reader = UserFactory()
        with pytest.raises(InvalidConsentDecision) as refusal:
            submit_answers(user=reader, step=steps_of(zone)["agreement"], version_id=1, answers={})
        assert refusal.value.next_step.kind == "agreement"
        assert not ConsentRecord.objects.exists()

    def test_a_deactivated_account_takes_no_step(self):
        zone = gated_zone("agreement")
        reader = UserFactory(is_active=False)
        with pytest.raises(UnknownStep):
            decide(reader, steps_of(zone)["agreement"], "agreed")


class TestAgreement:
    def test_refusing_closes_and_can_be_changed(self):
        zone = gated_zone("agreement", audience="registered")
        reader = UserFactory()
        step = steps_of(zone)["agreement"]
        decide(reader, step, "refused")
        assert reason(reader, zone, "registered") == Reason.REFUSED
        decide(reader, step, "agreed")
        assert reason(reader, zone, "registered") == Reason.ADMITTED
        assert list(ConsentRecord.objects.values_list("decision", flat=True)) == ["refused", "agreed"]

    def test_withdrawing_closes_and_agreeing_again_opens(self):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        step = steps_of(zone)["agreement"]
        decide_agreement(user=reader, step=step, version_id=None, decision="withdrawn", surface="test")
        assert reason(reader, zone, "registered") == Reason.WITHDRAWN
        decide(reader, step, "agreed")
        assert reason(reader, zone, "registered") == Reason.ADMITTED

    @pytest.mark.parametrize("decided", ["skipped", "maybe", ""])
    def test_an_agreement_offers_no_other_choice(self, decided):
        zone = gated_zone("agreement")
        with pytest.raises(InvalidConsentDecision):
            decide(UserFactory(), steps_of(zone)["agreement"], decided)

    def test_what_was_agreed_is_withdrawn_not_refused(self):
        zone = gated_zone("agreement")
        reader = UserFactory()
        decide(reader, steps_of(zone)["agreement"], "agreed")
        with pytest.raises(AlreadyDecided):
            decide(reader, steps_of(zone)["agreement"], "refused")

    @pytest.mark.parametrize("before", [None, "refused"])
    def test_what_was_not_agreed_cannot_be_withdrawn(self, before):
        zone = gated_zone("agreement")
        reader = UserFactory()
        if before:
            decide(reader, steps_of(zone)["agreement"], before)
        with pytest.raises(AlreadyDecided):
            decide(reader, steps_of(zone)["agreement"], "withdrawn")

    def test_an_old_version_is_refused_and_the_current_one_named(self):
        zone = gated_zone("agreement")
        reader = UserFactory()
        step = steps_of(zone)["agreement"]
        old = step.agreement.versions.get()
        step.agreement.draft_text = "<p>新文本。</p>"
        step.agreement.save()
        new = publish_agreement(agreement=step.agreement, by=None)
        with pytest.raises(StaleVersion) as refusal:
            decide(reader, step, "agreed", version=old.pk)
        assert refusal.value.current == new.pk
        assert refusal.value.next_step.id == step.pk

    @pytest.mark.parametrize(
        ("asks_again", "expected"), [(True, Reason.AGREEMENT_REQUIRED), (False, Reason.ADMITTED)]
    )
    def test_a_new_version_asks_again_if_it_says_so_and_keeps_the_old_record(self, asks_again, expected):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        agreement = steps_of(zone)["agreement"].agreement
        agreement.draft_text = "<p>新文本。</p>"
        agreement.save()
        publish_agreement(agreement=agreement, by=None, asks_again=asks_again)
        assert reason(reader, zone, "registered") == expected
        record = ConsentRecord.objects.get()
        assert (record.decision, record.version.number) == ("agreed", 1)

    def test_address_and_agent_are_kept_as_a_keyed_hash_only(self, settings):
        zone = gated_zone("agreement")
        step = steps_of(zone)["agreement"]
        one = decide(UserFactory(), step, "agreed", context="192.0.2.7 Firefox")
        two = decide(UserFactory(), step, "agreed", context="192.0.2.7 Firefox")
        assert len(one.context_hash) == 64
        assert one.context_hash == two.context_hash
        settings.XINGLIN_CONSENT_KEY = "another key"
        assert (
            decide(UserFactory(), step, "agreed", context="192.0.2.7 Firefox").context_hash
            != one.context_hash
        )


class TestQuestionnaires:
    def test_without_consent_bound_questions_are_not_asked_and_not_kept(self):
        zone = gated_zone("consent", "profile", audience="registered")
        reader = UserFactory()
        steps = steps_of(zone)
        decide(reader, steps["consent"], "skipped")
        state = Access(reader).state(zone)
        assert [question.text for question in state.current.questionnaire.questions] == ["您的专业方向？"]
        version = steps["profile"].questionnaire.versions.get()
        row = submit_answers(
            user=reader, step=steps["profile"], version_id=version.pk, answers=answers_to(version)
        )
        assert list(row.answers.values()) == ["消化内科"]
        assert row.with_consent is False

    def test_withdrawing_the_consent_deletes_the_bound_answers(self):
        zone = gated_zone("consent", "profile", audience="registered")
        reader = admitted_reader(zone)
        assert len(AnswerSet.objects.get().answers) == 2
        decide_agreement(
            user=reader, step=steps_of(zone)["consent"], version_id=None, decision="withdrawn", surface="test"
        )
        row = AnswerSet.objects.get()
        assert (list(row.answers.values()), row.with_consent) == (["消化内科"], False)
        assert reason(reader, zone, "registered") == Reason.ADMITTED

    def test_a_questionnaire_of_bound_questions_is_skipped_without_consent(self):
        zone = gated_zone("consent", audience="registered")
        requires_consent = questionnaire_version(
            "survey", questions=[{"text": "随访？", "consent_bound": True}]
        )
        step = add_step(zone, "survey", questionnaire=requires_consent.questionnaire)
        reader = UserFactory()
        decide(reader, steps_of(zone)["consent"], "skipped")
        assert reason(reader, zone, "registered") == Reason.ADMITTED
        assert [one.state for one in Access(reader).state(zone).steps] == ["skipped", "skipped"]
        with pytest.raises(AlreadyDecided):
            submit_answers(user=reader, step=step, version_id=requires_consent.pk, answers={})

    def test_each_wrong_answer_is_named(self):
        zone = gated_zone("agreement")
        questions = [
            {"text": "一行", "kind": "text"},
            {"text": "单选", "kind": "single", "choices": "甲\n乙"},
            {"text": "多选", "kind": "multiple", "choices": "甲\n乙"},
            {"text": "数字", "kind": "number"},
            {"text": "日期", "kind": "date"},
            {"text": "可不答", "kind": "long_text", "required": False},
        ]
        version = questionnaire_version(questions=questions)
        step = add_step(zone, "profile", questionnaire=version.questionnaire)
        reader = UserFactory()
        decide(reader, steps_of(zone)["agreement"], "agreed")
        keys = [question["key"] for question in version.questions]
        wrong = ["  ", "丙", ["甲", "丙"], "很多", "昨天", ""]
        given = dict(zip(keys, wrong, strict=True)) | {"surprise": "x"}
        with pytest.raises(InvalidAnswers) as refusal:
            submit_answers(user=reader, step=step, version_id=version.pk, answers=given)
        assert set(refusal.value.fields) == {*keys[:5], "surprise"}
        assert not AnswerSet.objects.exists()
        right = ["内科", "甲", ["乙", "甲", "乙"], "3.0", "2026-03-01", ""]
        row = submit_answers(
            user=reader, step=step, version_id=version.pk, answers=dict(zip(keys, right, strict=True))
        )
        assert [row.answers.get(key) for key in keys] == ["内科", "甲", ["乙", "甲"], 3, "2026-03-01", None]

    def test_answering_an_old_version_is_refused(self):
        zone = gated_zone("profile")
        step = steps_of(zone)["profile"]
        old = step.questionnaire.versions.get()
        step.questionnaire.title = "新标题"
        step.questionnaire.save()
        new = publish_questionnaire(questionnaire=step.questionnaire, by=None)
        with pytest.raises(StaleVersion) as refusal:
            submit_answers(user=UserFactory(), step=step, version_id=old.pk, answers=answers_to(old))
        assert refusal.value.current == new.pk


class TestAdmission:
    def test_entering_renews_what_has_run_out(self):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        past = Admission.objects.get().granted_at
        Admission.objects.update(expires_at=past)
        decision = Access(reader).decide(zone.pk, "registered")
        assert (decision.reason, decision.next_step.kind) == (Reason.EXPIRED, "enter")
        enter(user=reader, zone=zone)
        assert reason(reader, zone, "registered") == Reason.ADMITTED
        with pytest.raises(AlreadyDecided):
            enter(user=reader, zone=zone)
        assert Admission.objects.count() == 2

    @pytest.mark.parametrize("days", [1, 45])
    def test_lasts_as_many_days_as_the_zone_says_however_it_was_given(self, days):
        zone = gated_zone("agreement", audience="registered")
        ZoneGate.objects.filter(pk=zone.pk).update(admission_days=days)
        reader, manager = admitted_reader(zone), permit(UserFactory(), "gate.change_zonegate")
        Admission.objects.update(expires_at=timezone.now())
        enter(user=reader, zone=zone)
        revoke_admission(user=reader, zone=zone, by=manager, reason="账号共享")
        reopen_admission(user=reader, zone=zone, by=manager, reason="已澄清")
        _first, entered, reopened = Admission.objects.order_by("pk")
        assert {row.expires_at - row.granted_at for row in (entered, reopened)} == {timedelta(days=days)}
        assert Access(reader).decide(zone.pk, "registered").expires_at == reopened.expires_at
        other = admitted_reader(zone)
        (row,) = Admission.objects.filter(user=other)
        assert row.expires_at - row.granted_at == timedelta(days=days)

    def test_nobody_enters_before_the_steps_are_done(self):
        zone = gated_zone("agreement", audience="registered")
        with pytest.raises(StepOutOfOrder) as refusal:
            enter(user=UserFactory(), zone=zone)
        assert refusal.value.next_step.kind == "agreement"

    def test_what_staff_revoked_no_step_reopens(self):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        manager = permit(UserFactory(), "gate.change_zonegate")
        revoke_admission(user=reader, zone=zone, by=manager, reason="账号共享")
        assert reason(reader, zone, "registered") == Reason.REVOKED
        decide_agreement(
            user=reader,
            step=steps_of(zone)["agreement"],
            version_id=None,
            decision="withdrawn",
            surface="test",
        )
        decide(reader, steps_of(zone)["agreement"], "agreed")
        assert reason(reader, zone, "registered") == Reason.REVOKED
        Admission.objects.update(expires_at=timezone.now())  # nor does its end
        with pytest.raises(AlreadyDecided):
            enter(user=reader, zone=zone)
        reopen_admission(user=reader, zone=zone, by=manager, reason="已澄清")
        assert reason(reader, zone, "registered") == Reason.ADMITTED

    def test_only_the_gates_managers_revoke_and_not_for_themselves(self):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        for by in (UserFactory(), permit(reader, "gate.change_zonegate")):
            with pytest.raises(NotYourCase):
                revoke_admission(user=reader, zone=zone, by=by, reason="无")

    def test_an_approval_admits_wherever_nothing_else_is_missing(self):
        ready, waiting, registered = (
            gated_zone("verification"),
            gated_zone(),
            gated_zone("agreement", audience="registered"),
        )
        reader = UserFactory()
        take_steps(reader, registered)
        approve(case=submitted(reader), reviewer=reviewer())
        assert reason(reader, ready) == Reason.ADMITTED
        assert reason(reader, waiting) == Reason.AGREEMENT_REQUIRED
        assert reason(reader, registered) == Reason.ADMITTED  # an article of that zone for professionals only


class TestEvidence:
    def test_records_refuse_to_change(self):
        zone = gated_zone("agreement")
        record = decide(UserFactory(), steps_of(zone)["agreement"], "agreed")
        record.decision = ConsentDecision.REFUSED
        for act in (record.save, record.delete, ConsentRecord.objects.all().delete):
            with pytest.raises(AppendOnlyError):
                act()
        with pytest.raises(AppendOnlyError):
            ConsentRecord.objects.update(decision="refused")

    @pytest.mark.parametrize(
        "table",
        [
            "gate_consentrecord",
            "gate_agreementversion",
            "gate_questionnaireversion",
            "gate_verificationevent",
            "gate_auditevent",
        ],
    )
    @pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
    def test_the_database_refuses_too(self, table, statement):
        zone = gated_zone()
        admitted_reader(zone)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - names of our own tables
            assert cursor.fetchone()[0] > 0
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(statement.format(table))

    def test_a_version_says_what_was_shown(self):
        agreement = agreement_version(
            text='<p onclick="x()">请<b>确认</b></p><script>alert(1)</script>'
        ).agreement
        version = agreement.versions.get()
        assert version.text == "<p>请<b>确认</b></p>"
        shown = {"title": version.title, "text": version.text, "links": [], "locale": "zh-hans"}
        from gate.consent.agreements import digest

        assert version.sha256 == digest(**shown)
        assert digest(**shown | {"text": version.text + " "}) != version.sha256

    def test_an_account_with_records_cannot_be_deleted_and_inherited(self):
        reader = admitted_reader(gated_zone("agreement", audience="registered"))
        with pytest.raises(Exception, match="protected"):
            User.objects.get(pk=reader.pk).delete()

    def test_an_empty_text_is_not_published(self):
        from gate.errors import NotPublishable

        with pytest.raises(NotPublishable):
            agreement_version(text="<p> </p>")
        assert not QuestionnaireVersion.objects.exists()

"""Nothing is kept longer than the rules allow; a dry run changes nothing; evidence stays."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gate.models import Admission, AnswerSet, AuditEvent, Credential, User, Verification
from gate.privacy import retention
from gate.questions.answers import correct_answers
from gate.verification.files import vault
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    credential,
    gated_zone,
    submitted,
    verification_in,
)

pytestmark = pytest.mark.django_db


def run(**kwargs) -> dict[str, int]:
    return {carried.key: carried.count for carried in retention.carry_out(**kwargs)}


def later(days: int):
    return timezone.now() + timedelta(days=days)


@pytest.mark.parametrize("state", ["approved", "rejected", "revoked", "expired"])
def test_files_go_after_the_decision_and_the_evidence_stays(state, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        case = verification_in(state)
    row = case.credentials.get()
    assert vault.vault().exists(row.name)
    assert run(now=later(29))["credential_files"] == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert run(now=later(31))["credential_files"] == 1
    assert not vault.vault().exists(row.name)
    kept = Credential.objects.get(pk=row.pk)
    assert kept.content_hash == row.content_hash
    assert kept.deleted_at is not None
    assert case.events.exists()
    assert AuditEvent.objects.get(action="credentials_deleted").detail == {"files": 1}
    assert run(now=later(31))["credential_files"] == 0


@pytest.mark.parametrize("state", ["submitted", "in_review"])
def test_files_of_open_requests_stay(state):
    case = verification_in(state)
    run(now=later(400))
    assert case.credentials.get().deleted_at is None


def test_a_crash_before_the_file_was_deleted_is_made_good(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        case = verification_in("approved")
    row = case.credentials.get()
    run(now=later(31))  # the test's transaction never commits, as after a crash
    assert vault.vault().exists(row.name)
    call_command("gate_daily", verbosity=0)
    assert not vault.vault().exists(row.name)


def test_names_in_old_requests_are_emptied_but_not_while_the_next_one_is_open():
    over = verification_in("rejected")
    resubmitted = verification_in("rejected")
    submitted(resubmitted.user)
    current = verification_in("approved")
    assert run(now=later(364))["old_requests"] == 0
    assert run(now=later(366))["old_requests"] == 1
    over.refresh_from_db()
    resubmitted.refresh_from_db()
    current.refresh_from_db()
    assert (over.full_name, over.licence_number, over.reason, over.state) == ("", "", "", "rejected")
    assert resubmitted.full_name == current.full_name == "林一"
    assert run(now=later(366))["old_requests"] == 0


def test_a_renewed_term_is_needed_after_the_dry_run_only_counted():
    case = verification_in("rejected")
    counted = run(now=later(400), dry_run=True)
    assert counted["old_requests"] == counted["credential_files"] == 1
    case.refresh_from_db()
    assert case.full_name
    assert case.credentials.get().deleted_at is None


def test_answers_stay_while_the_zone_is_open_to_their_person(settings):
    settings.XINGLIN_RETENTION_DAYS = {"answers": 100}
    zone = gated_zone("agreement", "profile")
    user = admitted_reader(zone)
    assert run(now=later(110))["answers"] == 0
    Admission.objects.update(expires_at=timezone.now())
    assert run(now=later(110))["answers"] == 1
    assert not user.answer_sets.exists()


def test_replaced_answers_go_first():
    zone = gated_zone("profile", audience="registered")
    user = admitted_reader(zone)
    old = user.answer_sets.get()
    new = AnswerSet.objects.get(pk=old.pk)
    new.pk, new.uuid = None, uuid4()
    new.save()
    assert run(now=later(89))["replaced_answers"] == 0
    assert run(now=later(91))["replaced_answers"] == 1
    assert list(user.answer_sets.values_list("pk", flat=True)) == [new.pk]


def test_of_a_correction_the_corrected_answers_go_and_the_correction_stays():
    zone = gated_zone("profile", audience="registered")
    user = admitted_reader(zone)
    old = user.answer_sets.get()
    answers = dict.fromkeys(old.answers, "内镜中心")
    new = correct_answers(user=user, given=old.uuid, answers=answers)
    assert run(now=later(89))["replaced_answers"] == 0
    assert run(now=later(91))["replaced_answers"] == 1
    assert list(user.answer_sets.values_list("pk", "corrects")) == [(new.pk, None)]


def test_an_ended_admission_goes_but_not_what_says_that_staff_closed_the_zone():
    zone = gated_zone("agreement", audience="registered")
    old = timezone.now() - timedelta(days=1000)
    ended, closed, renewed = (admitted_reader(zone) for _number in range(3))
    Admission.objects.update(granted_at=old, expires_at=old)
    Admission.objects.filter(user=closed).update(revoked_at=old)
    Admission.objects.create(user=renewed, zone=zone, granted_at=timezone.now(), expires_at=later(10))
    assert run()["admissions"] == 2
    assert not ended.admissions.exists()
    assert closed.admissions.get().revoked_at is not None
    assert renewed.admissions.get().expires_at > timezone.now()


def test_sessions_and_attempts_to_sign_in_go(client):
    client.force_login(UserFactory())
    AccessAttempt.objects.create(
        username="a@example.org", ip_address="203.0.113.7", user_agent="", http_accept="", path_info="/",
        get_data="", post_data="", failures_since_start=1,
    )  # fmt: skip
    done = run()
    assert (done["sessions"], done["sign_in_attempts"]) == (0, 0)
    done = run(now=later(31))
    assert (done["sessions"], done["sign_in_attempts"]) == (1, 1)
    assert not Session.objects.exists()


def test_accounts_that_nobody_confirmed_go_and_no_other():
    forgotten = UserFactory(confirmed=False)
    used = UserFactory(confirmed=False, last_login=timezone.now())
    confirmed = UserFactory()
    invited = UserFactory(confirmed=False)
    invited.groups.add(Group.objects.create(name="编辑部"))
    assert run(now=later(29))["unconfirmed_accounts"] == 0
    assert run(now=later(31))["unconfirmed_accounts"] == 1
    assert set(User.objects.all()) == {used, confirmed, invited}
    assert not User.objects.filter(pk=forgotten.pk).exists()


def old_event(days: int) -> AuditEvent:
    return AuditEvent.objects.create(
        at=timezone.now() - timedelta(days=days), action=AuditEvent.Action.CASE_OPENED
    )


def test_the_database_lets_go_of_audit_rows_after_three_years_and_of_no_younger_one(settings):
    young, old = old_event(1090), old_event(1100)
    assert run()["audit"] == 1
    assert set(AuditEvent.objects.values_list("pk", flat=True)) == {young.pk}
    settings.XINGLIN_RETENTION_DAYS = {"audit": 5}
    with pytest.raises(DatabaseError), transaction.atomic():
        run()
    for statement in ("DELETE FROM gate_auditevent", "UPDATE gate_auditevent SET reason = 'x'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert old.pk


def test_an_old_audit_row_still_cannot_be_rewritten():
    old_event(1100)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE gate_auditevent SET reason = 'x'")


def test_terms_can_be_set_and_are_told_as_they_are(settings):
    settings.XINGLIN_RETENTION_DAYS = {"credential_files": 7}
    told = {term.key: term for term in retention.terms()}
    assert told["credential_files"].days == 7
    assert "7" in told["credential_files"].sentence
    assert told["consents"].days is None
    assert "task_results" not in told
    verification_in("approved")
    assert run(now=later(8), dry_run=True)["credential_files"] == 1


def test_an_interrupted_run_loses_nothing_and_the_next_one_finishes(monkeypatch):
    for _number in range(5):
        verification_in("rejected")
    monkeypatch.setattr(retention, "BATCH", 2)
    original, calls = retention.RULES[1].act, []

    def failing(model, keys):
        calls.append(len(keys))
        if len(calls) == 2:
            raise RuntimeError("killed")
        original(model, keys)

    from dataclasses import replace

    rules = list(retention.RULES)
    rules[1] = replace(rules[1], act=failing)
    monkeypatch.setattr(retention, "RULES", tuple(rules))
    with pytest.raises(RuntimeError):
        run(now=later(400))
    assert Verification.objects.filter(full_name="").count() == 2
    assert run(now=later(400))["old_requests"] == 3


def test_a_resubmission_after_the_files_went_needs_new_ones():
    from gate.errors import InvalidAnswers
    from gate.verification.submission import submit_verification
    from tests.factories.gate import application

    case = verification_in("rejected")
    case.field_reasons = {}
    case.save(update_fields=["field_reasons"])
    run(now=later(31))
    with pytest.raises(InvalidAnswers) as refusal:
        submit_verification(user=case.user, data=application(), files=[])
    assert "credentials" in refusal.value.fields
    assert submit_verification(user=case.user, data=application(), files=[credential()]).previous == case


@pytest.mark.parametrize("wrong", [{"nonsense": 3}, {"answers": -1}, {"audit": 30}])
def test_wrong_terms_stop_the_start(settings, wrong):
    from gate.privacy.retention import check_retention

    assert check_retention(None) == []
    settings.XINGLIN_RETENTION_DAYS = wrong
    assert [message.id for message in check_retention(None)] == ["gate.E001"]

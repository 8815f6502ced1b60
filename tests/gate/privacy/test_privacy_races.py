"""Erasure against everything else that may happen at the same moment: one winner, nothing left behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gate.errors import AccountErased, GateError
from gate.models import AuditEvent, Credential, User, Verification, VerificationEvent
from gate.privacy import retention
from gate.privacy.erasure import cancel_erasure, erase, request_erasure
from gate.verification.decisions import approve
from gate.verification.submission import submit_verification
from tests.factories.gate import (
    UserFactory,
    allow_credentials,
    application,
    credential,
    looked,
    reviewer,
    submitted,
    verification_in,
)
from tests.gate.steps.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def due(user: User) -> User:
    request_erasure(user=user, surface="test")
    User.objects.filter(pk=user.pk).update(erasure_due_at=timezone.now())
    return user


def test_an_account_is_erased_once():
    user = due(submitted().user)
    results = at_once(*[lambda: erase(user_id=user.pk)] * 3)
    assert sorted(results) == [False, False, True]
    assert AuditEvent.objects.filter(action="account_erased").count() == 1
    assert VerificationEvent.objects.filter(action="erased").count() == 1


def test_coming_back_at_the_last_moment_is_before_or_after():
    user = due(UserFactory())
    erased, kept = at_once(lambda: erase(user_id=user.pk), lambda: cancel_erasure(user=user, by=user))
    assert erased != kept
    row = User.objects.get(pk=user.pk)
    assert (row.email == user.email) is kept
    assert (row.erased_at is None) is kept


def test_two_requests_make_one():
    user = UserFactory()
    first, second = at_once(*[lambda: request_erasure(user=user, surface="test")] * 2)
    assert first == second
    assert AuditEvent.objects.filter(action="erasure_requested").count() == 1


def test_a_request_under_way_leaves_nothing_with_the_pseudonym():
    user = due(allow_credentials(UserFactory()))
    erased, made = at_once(
        lambda: erase(user_id=user.pk),
        lambda: submit_verification(user=user, data=application(), files=[credential()]),
    )
    assert erased is True
    assert isinstance(made, AccountErased | Verification)
    assert not Verification.objects.filter(user=user).exclude(full_name="").exists()
    assert not Credential.objects.filter(verification__user=user, deleted_at=None).exists()


def test_nobody_approves_whom_the_system_forgets():
    case = submitted()
    boss = reviewer()
    looked(case, boss)
    approved, _due = at_once(
        lambda: approve(case=case, reviewer=boss),
        lambda: request_erasure(user=case.user, surface="test"),
    )
    User.objects.filter(pk=case.user_id).update(erasure_due_at=timezone.now())
    assert erase(user_id=case.user_id)
    case.refresh_from_db()
    assert (case.state, case.full_name) == ("expired", "")
    assert isinstance(approved, GateError | Verification)


def test_two_daily_runs_delete_each_file_once():
    for _number in range(3):
        verification_in("approved")
    then = timezone.now() + timedelta(days=31)

    def run() -> int:
        return sum(c.count for c in retention.carry_out(now=then) if c.key == "credential_files")

    at_once(run, run)
    assert not Credential.objects.filter(deleted_at=None).exists()
    deleted = AuditEvent.objects.filter(action="credentials_deleted")
    assert sorted(row.detail["files"] for row in deleted) == [1, 1, 1]

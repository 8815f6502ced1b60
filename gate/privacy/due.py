"""Queries for rows whose retention is over, and what is done with them: for gate.privacy.retention."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Token
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gate.models import (
    OPEN_STATES,
    Admission,
    AnswerSet,
    AuditEvent,
    Credential,
    User,
    Verification,
    ZoneGroupObjectPermission,
    ZoneUserObjectPermission,
)
from gate.people.signin.unconfirmed import discard_unconfirmed
from gate.privacy.holdings import clears_of
from gate.verification.files.credentials import delete_credentials

State = Verification.State
Rows = tuple[QuerySet[Any], ...]
UNDECIDED = (*OPEN_STATES, State.DRAFT)


def nothing(before: datetime) -> Rows:
    """No rows: the rule sets no day."""
    return ()


def credential_files(before: datetime) -> Rows:
    """Files of decided verifications. The keyed hash and the decision stay."""
    files = Credential.objects.filter(deleted_at=None, verification__decided_at__lt=before)
    return (files.exclude(verification__state__in=UNDECIDED),)


def old_requests(before: datetime) -> Rows:
    """Verifications that open nothing (any more), unless the one that followed is being worked on."""
    over = Q(state__in=[State.REJECTED, State.REVOKED], decided_at__lt=before)
    over |= Q(state=State.EXPIRED, expires_at__lt=before)
    over |= Q(state=State.DRAFT, submitted_at__lt=before)
    named = ~Q(full_name="") | ~Q(licence_number="") | ~Q(institution="")
    return (Verification.objects.filter(over & named).exclude(resubmission__state__in=UNDECIDED),)


def replaced_answers(before: datetime) -> Rows:
    """Answers of a user to the same questions in the same zone that were given before the latest ones."""
    newer = AnswerSet.objects.filter(
        user=OuterRef("user"),
        zone=OuterRef("zone"),
        version__questionnaire=OuterRef("version__questionnaire"),
        pk__gt=OuterRef("pk"),
        submitted_at__lt=before,
    )
    return (AnswerSet.objects.filter(Exists(newer)),)


def answers(before: datetime) -> Rows:
    """Answers in zones that the user has no current admission to."""
    current = Admission.objects.filter(
        user=OuterRef("user"), zone=OuterRef("zone"), expires_at__gt=timezone.now(), revoked_at=None
    )
    return (AnswerSet.objects.filter(~Exists(current), submitted_at__lt=before),)


def admissions(before: datetime) -> Rows:
    """Ended admissions. The last one stays while it records that staff closed the zone."""
    over = Admission.objects.filter(expires_at__lt=before)
    others = Admission.objects.filter(user=OuterRef("user"), zone=OuterRef("zone"))
    newer = over.filter(Exists(others.filter(pk__gt=OuterRef("pk"))))
    only = over.filter(~Exists(others.exclude(pk=OuterRef("pk"))), revoked_at=None)
    return newer, only


def grants(before: datetime) -> Rows:
    return (
        ZoneUserObjectPermission.objects.filter(expires_at__lt=before),
        ZoneGroupObjectPermission.objects.filter(expires_at__lt=before),
    )


def sign_in_attempts(before: datetime) -> Rows:
    models = (AccessAttempt, AccessFailureLog, AccessLog)
    return tuple(model.objects.filter(attempt_time__lt=before) for model in models)


def unconfirmed_accounts(before: datetime) -> Rows:
    """Registered by a form, never confirmed, used or given anything (gate.people.signin.unconfirmed)."""
    registered = EmailAddress.objects.filter(user=OuterRef("pk"))
    given = ZoneUserObjectPermission.objects.filter(user=OuterRef("pk"))
    accounts = User.objects.filter(
        Exists(registered),
        ~Exists(registered.filter(verified=True)),
        ~Exists(given),
        date_joined__lt=before,
        last_login=None,
        is_staff=False,
        is_superuser=False,
        is_active=True,
        erasure_due_at=None,
        groups=None,
        user_permissions=None,
    )
    return (accounts,)


def discard_accounts(model: type[Any], keys: list[Any]) -> None:
    """One by one: an account with any record about it stays."""
    for user in User.objects.filter(pk__in=keys):
        discard_unconfirmed(user=user)


def sessions(before: datetime) -> Rows:
    return (Session.objects.filter(expire_date__lt=before),)


def tokens(before: datetime) -> Rows:
    return (Token.objects.filter(expires_at__lt=before),)


def task_results(before: datetime) -> Rows:
    return (DBTaskResult.objects.filter(finished_at__lt=before),)


def audit(before: datetime) -> Rows:
    return (AuditEvent.objects.filter(at__lt=before),)


def delete(model: type[Any], keys: list[Any]) -> None:
    """Delete rows."""
    model._base_manager.filter(pk__in=keys).delete()


def delete_evidence(model: type[Any], keys: list[Any]) -> None:
    """Past the model, which refuses; the database allows it for old rows only."""
    rows = model._base_manager.filter(pk__in=keys)
    rows._raw_delete(rows.db)


def delete_files(model: type[Any], keys: list[Any]) -> None:
    """Delete the files in the vault, case by case."""
    for case in Verification.objects.filter(credentials__in=keys).distinct().order_by("user_id", "pk"):
        delete_credentials(case=case)


def clear_requests(model: type[Any], keys: list[Any]) -> None:
    """Empty what identifies the applicant; the decision stays."""
    Verification.objects.filter(pk__in=keys).update(**clears_of("gate.Verification"))

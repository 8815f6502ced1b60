"""Erasure: closed at once, cancelled by signing in, carried out for good, and nothing inherited."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.errors import ErasureRefused, NotYourCase
from gate.models import (
    AuditEvent,
    ConsentRecord,
    Credential,
    User,
    Verification,
    VerificationEvent,
    ZoneUserObjectPermission,
)
from gate.people.grants import Right, grant
from gate.people.reviewing import reviewable_cases
from gate.people.signin.lock import attempts_key
from gate.privacy.erasure import cancel_erasure, erase, erase_due, request_erasure
from gate.verification.files.vault import vault
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    application,
    approve,
    gated_zone,
    reviewer,
    submitted,
    take_steps,
)

pytestmark = pytest.mark.django_db

NAME = application()["full_name"]


def asked_for(user: User, *, days_ago: int = 15) -> User:
    """As after so many days of waiting."""
    request_erasure(user=user, surface="test")
    User.objects.filter(pk=user.pk).update(erasure_due_at=timezone.now() - timedelta(days=days_ago - 14))
    return User.objects.get(pk=user.pk)


def everything_in_the_database() -> str:
    """Every value of every row of every table, as text."""
    values = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values_list():
            values.append(" ".join(str(value) for value in row))
    return "\n".join(values)


def test_everything_closes_with_the_next_request(client):
    zone = gated_zone()
    user = admitted_reader(zone)
    client.force_login(user)
    assert client.get("/me/data/").status_code == 200
    request_erasure(user=user, surface="test")
    now = User.objects.get(pk=user.pk)
    assert Access(now).decide(zone.pk, "hcp").reason == Reason.ANONYMOUS
    assert Access(now).scope() == Access(UserFactory.build(pk=None)).scope()
    assert client.get("/me/data/").status_code == 302


def test_a_grant_of_staff_closes_too():
    zone = gated_zone()
    user = UserFactory()
    grant(user=user, zone_id=zone.pk, right=Right.READ, reason="press", by=None)
    assert Access(user).decide(zone.pk, "hcp").allowed
    request_erasure(user=user, surface="test")
    assert not Access(User.objects.get(pk=user.pk)).decide(zone.pk, "hcp").allowed


def test_signing_in_again_keeps_the_account_as_it_was(client):
    zone = gated_zone()
    user = admitted_reader(zone)
    client.force_login(user)
    request_erasure(user=user, surface="test")
    old = client.cookies["sessionid"].value
    client.force_login(User.objects.get(pk=user.pk))
    user = User.objects.get(pk=user.pk)
    assert (user.erasure_due_at, user.is_active) == (None, True)
    assert Access(user).decide(zone.pk, "hcp").allowed
    assert client.get("/me/data/").status_code == 200
    client.cookies["sessionid"] = old
    assert client.get("/me/data/").status_code == 302, "a session from before the request never comes back"
    actions = AuditEvent.objects.filter(subject=user).values_list("action", flat=True)
    assert {"erasure_requested", "erasure_cancelled"} <= set(actions)


def test_asking_twice_changes_nothing_and_staff_are_refused():
    user = UserFactory()
    due = request_erasure(user=user, surface="test")
    assert request_erasure(user=user, surface="test") == due
    assert AuditEvent.objects.filter(action="erasure_requested").count() == 1
    with pytest.raises(ErasureRefused):
        request_erasure(user=reviewer(), surface="test")


def test_before_the_day_nothing_is_erased_and_a_cancelled_one_never():
    early, late = UserFactory(), UserFactory()
    request_erasure(user=early, surface="test")
    asked_for(late)
    cancel_erasure(user=late, by=late)
    assert erase_due() == 0
    assert not erase(user_id=early.pk)
    assert not erase(user_id=late.pk)
    assert User.objects.filter(email__in=[early.email, late.email], erased_at=None).count() == 2


def test_nobody_decides_a_case_of_somebody_who_leaves():
    case = submitted()
    boss = reviewer()
    request_erasure(user=case.user, surface="test")
    assert not reviewable_cases(boss).exists()
    with pytest.raises(NotYourCase):
        approve(case=Verification.objects.get(pk=case.pk), reviewer=boss)


def leave_traces(user: User) -> None:
    """What a person can leave outside the gate."""
    AccessAttempt.objects.create(
        username=attempts_key(None, {"email": user.email}),
        ip_address="203.0.113.7", user_agent="", http_accept="", path_info="/",
        get_data="", post_data="", failures_since_start=1,
    )  # fmt: skip
    UserProfile.get_for_user(user)
    ModelLogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        label=user.display_name,
        action="wagtail.edit",
        timestamp=timezone.now(),
        user=user,
        data={"name": user.display_name},
    )


def test_nothing_that_identifies_is_left_in_any_table(client, django_capture_on_commit_callbacks):
    zone = gated_zone()
    with django_capture_on_commit_callbacks(execute=True):
        user = admitted_reader(zone, display_name="柳絮如雪", email="liu.xu@example.org")
    leave_traces(user)
    client.force_login(user)
    grant(user=user, zone_id=zone.pk, right=Right.READ, reason="press", by=None)
    licence = user.verifications.get().licence_number
    before = everything_in_the_database()
    files = vault().listdir("")[1]
    assert len(files) == 1
    assert all(word in before for word in ("柳絮如雪", "liu.xu@example.org", NAME, licence, "消化内科"))
    asked_for(user)
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_due() == 1
    after = everything_in_the_database()
    for word in ("柳絮如雪", "liu.xu@example.org", NAME, licence, "消化内科", "203.0.113.7"):
        assert word not in after, word
    assert vault().listdir("")[1] == []
    assert not Session.objects.exists()
    assert erase_due() == 0


def test_evidence_stays_under_a_pseudonym():
    zone = gated_zone()
    user = admitted_reader(zone)
    records = list(ConsentRecord.objects.filter(user=user).values())
    hashes = list(Credential.objects.values_list("content_hash", flat=True))
    asked_for(user)
    erase_due()
    gone = User.objects.get(pk=user.pk)
    assert gone.email == f"erased-{user.uuid}@erased.invalid"
    assert (gone.display_name, gone.is_active, gone.has_usable_password()) == ("", False, False)
    assert list(ConsentRecord.objects.filter(user=user).values()) == records
    assert list(Credential.objects.values_list("content_hash", flat=True)) == hashes
    case = Verification.objects.get(user=user)
    assert (case.state, case.profession, case.full_name, case.reviewer is None) == (
        "expired", "physician", "", False,
    )  # fmt: skip
    assert case.decided_at is not None
    assert VerificationEvent.objects.filter(verification=case, action="erased").count() == 1
    assert not user.answer_sets.exists()
    assert not user.admissions.exists()
    assert not ZoneUserObjectPermission.objects.filter(user=user).exists()


def test_an_account_made_again_inherits_nothing():
    zone = gated_zone()
    user = admitted_reader(zone)
    asked_for(user)
    erase_due()
    again = UserFactory(email=user.email)
    assert again.pk != user.pk
    assert again.uuid != user.uuid
    assert Access(again).decide(zone.pk, "hcp").reason == Reason.AGREEMENT_REQUIRED
    assert not ConsentRecord.objects.filter(user=again).exists()
    take_steps(again, zone, until="verification")
    assert Access(again).decide(zone.pk, "hcp").reason == Reason.VERIFICATION_REQUIRED


def test_an_open_request_ends_and_the_queue_is_free_of_it():
    case = submitted()
    asked_for(case.user)
    erase_due()
    case.refresh_from_db()
    assert case.state == "expired"
    assert not reviewable_cases(reviewer()).filter(full_name__gt="").exists()


def test_people_are_told_before_and_after_and_the_words_say_what_is_kept(django_capture_on_commit_callbacks):
    user = UserFactory(email="told@example.org", locale="en")
    with django_capture_on_commit_callbacks(execute=True):
        request_erasure(user=user, surface="test")
    User.objects.filter(pk=user.pk).update(erasure_due_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        erase_due()
    assert [message.to for message in mail.outbox] == [["told@example.org"]] * 2
    asked, done = mail.outbox
    assert "sign in before that day" in asked.body
    for message in (asked, done):
        assert "the law asks us to be able to prove it" in message.body


def test_one_that_fails_stops_no_other(monkeypatch):
    from gate.privacy import erasure

    users = [asked_for(UserFactory()) for _number in range(3)]
    original = erasure._become_pseudonym

    def failing(user, now):
        if user.pk == users[0].pk:
            raise RuntimeError("disk full")
        original(user, now)

    monkeypatch.setattr(erasure, "_become_pseudonym", failing)
    assert erase_due() == 2
    spared = User.objects.get(pk=users[0].pk)
    assert spared.erased_at is None
    assert spared.email == users[0].email
    monkeypatch.undo()
    assert erase_due() == 1


def test_last_mail_that_fails_undoes_nothing_and_names_nobody(
    django_capture_on_commit_callbacks, monkeypatch, caplog
):
    from smtplib import SMTPRecipientsRefused

    from django.core.mail import EmailMessage

    def refuse(self, *args, **kwargs):
        raise SMTPRecipientsRefused({"gone@example.org": (550, b"no such user")})

    user = asked_for(UserFactory(email="gone@example.org"))
    monkeypatch.setattr(EmailMessage, "send", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_due() == 1
    assert User.objects.get(pk=user.pk).erased_at is not None
    assert "last mail not sent" in caplog.text
    assert "gone@example.org" not in caplog.text


def test_the_daily_command_says_first_and_does_then(capsys):
    asked_for(UserFactory())
    call_command("gate_daily", "--dry-run")
    assert "accounts to erase: 1\n" in capsys.readouterr().out
    assert not User.objects.exclude(erased_at=None).exists()
    call_command("gate_daily")
    assert "accounts erased: 1\n" in capsys.readouterr().out
    call_command("gate_daily", "--dry-run")
    assert "accounts to erase: 0\n" in capsys.readouterr().out


def test_audit_rows_of_erasure_hold_no_personal_data():
    user = UserFactory(email="quiet@example.org", display_name="静默之名")
    asked_for(user)
    erase_due()
    rows = AuditEvent.objects.filter(subject=user).values("target", "reason", "detail")
    text = json.dumps(list(rows), ensure_ascii=False)
    assert "quiet@" not in text
    assert "静默之名" not in text

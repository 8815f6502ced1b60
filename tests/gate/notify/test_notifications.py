"""Mails to readers and reviewers: who gets which, when, in which language; nothing personal is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.template.loader import get_template
from django.utils import timezone, translation

from gate.errors import NotYourCase
from gate.models import MailChoice, Notice, Verification
from gate.notify.catalogue import TO_READER, TO_STAFF, template_of
from gate.notify.events import EVENTS
from gate.notify.notifications import notify_after_commit, send_notices
from gate.notify.send import RETRIES, forget_old, send_due
from gate.notify.signals import gate_changed
from gate.people.grants import Right, grant
from gate.steps.admissions import revoke_admission
from gate.verification.decisions import claim, expire_due
from gate.verification.replies import appeal
from gate.verification.submission import submit_verification
from tests.factories.gate import (
    UserFactory,
    allow_credentials,
    application,
    approve,
    credential,
    gated_zone,
    permit,
    reviewer,
    revoke,
    steps_of,
    submitted,
    take_steps,
    verification_in,
)
from tests.factories.steps import decide_agreement

pytestmark = pytest.mark.django_db


def texts_to(user) -> list[str]:
    return [message.subject for message in mail.outbox if message.to == [user.email]]


def make_due() -> None:
    Notice.objects.filter(closed_at=None).update(due_at=timezone.now())


def test_every_mail_has_an_event_and_a_text_in_both_languages():
    assert set(TO_READER) <= set(EVENTS)
    assert set(TO_STAFF) - {"desk.waiting"} <= set(EVENTS)
    case = verification_in("approved")
    for event, entry in {**TO_READER, **TO_STAFF}.items():
        said = {}
        for locale in ("zh-hans", "en"):
            with translation.override(locale):
                said[locale] = get_template(template_of(event)).render(
                    {"case": case, "waiting": 2, "url": "https://x/"}
                ) + str(entry.subject)
            assert "https://x/" in said[locale]
        assert said["zh-hans"] != said["en"]


def test_an_unknown_event_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="unknown event"):
        notify_after_commit("verification.lost")


class TestReviewers:
    def test_ten_requests_make_one_mail_that_counts_them(self):
        who = reviewer(locale="en")
        for _number in range(10):
            submitted()
        assert send_due() == 11  # one receipt for each reader
        (message,) = [message for message in mail.outbox if message.to == [who.email]]
        assert "10 verifications" in message.body
        assert "/admin/" in message.body

    def test_the_next_mail_comes_after_an_interval(self, settings):
        settings.XINGLIN_REVIEWER_MAIL_INTERVAL = 60
        who = reviewer()
        submitted()
        send_due()
        submitted()
        send_due()
        assert len(texts_to(who)) == 1
        waiting = Notice.objects.get(user=who, closed_at=None)
        assert timedelta(minutes=59) < waiting.due_at - timezone.now() <= timedelta(minutes=60)
        make_due()
        send_due()
        assert len(texts_to(who)) == 2

    def test_only_those_who_may_review_the_zone_are_called(self):
        zone, other = gated_zone("verification"), gated_zone("verification")
        of_zone, of_other, reader = UserFactory(), UserFactory(), UserFactory()
        for user, place in ((of_zone, zone), (of_other, other)):
            grant(user=user, zone_id=place.pk, right=Right.REVIEW, reason="审核", by=None)
        former = UserFactory()
        past = timezone.now() - timedelta(days=1)
        grant(user=former, zone_id=zone.pk, right=Right.REVIEW, reason="审核", by=None, expires_at=past)
        submit_verification(
            user=allow_credentials(reader), data=application(), files=[credential()], zone=zone
        )
        assert set(Notice.objects.filter(event="desk.waiting").values_list("user", flat=True)) == {of_zone.pk}

    def test_nobody_is_called_to_their_own_request(self):
        who = reviewer()
        submitted(who)
        assert not Notice.objects.filter(user=who, event="desk.waiting").exists()

    def test_when_nothing_waits_any_more_no_mail_is_sent(self):
        who = reviewer()
        approve(case=submitted(), reviewer=who)
        send_due()
        assert not texts_to(who)
        assert not Notice.objects.filter(closed_at=None).exists()

    def test_a_hand_over_is_told_to_the_new_reviewer(self):
        old, new = reviewer(), reviewer(locale="en")
        case = claim(case=submitted(), reviewer=old)
        notify_after_commit("verification.handed_over", case=case, reviewer=new)
        send_due()
        assert texts_to(new)[-1] == "A verification was handed over to you"
        assert str(case.uuid) in mail.outbox[-1].body

    def test_an_appeal_calls_the_desk(self):
        case = verification_in("rejected")
        Notice.objects.all().delete()
        who = reviewer()
        appeal(user=case.user, reason="证书以新的编号登记。")
        assert Notice.objects.filter(user=who, event="desk.waiting").exists()


class TestReaders:
    def test_news_that_is_no_longer_true_is_not_sent(self):
        case = verification_in("approved")
        revoke(case=case, reason="已注销")
        mail.outbox.clear()
        send_due()
        assert len(mail.outbox) == 2  # the receipt, and the revocation
        assert not any("认证已通过" in message.subject for message in mail.outbox)

    def test_optional_mails_can_be_switched_off_and_others_not(self):
        reader = UserFactory(locale="en")
        MailChoice.objects.create(user=reader, optional_mails=False)
        verification_in("rejected", reader)
        send_due()
        assert texts_to(reader) == ["Your professional verification needs a correction"]

    def test_a_closed_account_gets_none(self):
        reader = UserFactory()
        submitted(reader)
        type(reader).objects.filter(pk=reader.pk).update(is_active=False)
        send_due()
        assert not texts_to(reader)


class TestFailures:
    @pytest.fixture
    def broken(self, settings):
        settings.EMAIL_BACKEND = "tests.gate.notify.test_notifications.BrokenBackend"

    def test_a_failure_is_tried_again_and_given_up_in_the_end(self, broken, caplog):
        reader = UserFactory()
        submitted(reader)
        for attempt in range(len(RETRIES) + 1):
            assert send_due() == 0
            notice = Notice.objects.get(user=reader)
            assert notice.attempts == attempt + 1
            make_due()
        assert notice.given_up
        assert send_due() == 0
        assert Notice.objects.get(user=reader).attempts == len(RETRIES) + 1
        assert reader.email not in caplog.text
        assert "canary" not in caplog.text

    def test_after_a_failure_the_mail_still_arrives(self, settings):
        reader = UserFactory()
        submitted(reader)
        own = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "tests.gate.notify.test_notifications.BrokenBackend"
        send_due()
        settings.EMAIL_BACKEND = own
        assert send_due() == 0  # not yet
        make_due()
        assert send_due() == 1
        assert len(texts_to(reader)) == 1

    def test_a_broken_mail_server_breaks_no_submission(self, broken, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            case = submitted()
        assert Verification.objects.get(pk=case.pk).state == "submitted"


def test_a_rollback_tells_nobody():
    heard = []

    def hear(sender, event, ids, **kwargs):
        heard.append((event, ids))

    gate_changed.connect(hear)
    try:
        case = submitted()
    finally:
        gate_changed.disconnect(hear)
    assert heard[0][0] == "consent.agreed"  # to the use of credentials, which comes first
    assert heard[1:] == [
        ("verification.submitted", {"case": str(case.uuid), "user": str(case.user.uuid)}),
    ]
    Notice.objects.all().delete()
    with pytest.raises(NotYourCase):
        approve(case=case, reviewer=UserFactory())
    assert not Notice.objects.exists()


def test_neither_rows_nor_tasks_hold_personal_data(settings):
    reader = UserFactory(display_name="金丝雀")
    submitted(reader, full_name="金丝雀", licence_number="110110000000777")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gate_notice")
        stored = repr(cursor.fetchall())
    for secret in ("金丝雀", "110110000000777", reader.email):
        assert secret not in stored
    assert send_notices.func.__code__.co_argcount == 0


def test_old_notices_are_forgotten():
    submitted()
    send_due()
    assert forget_old() == 0
    Notice.objects.update(closed_at=timezone.now() - timedelta(days=31))
    assert forget_old() == 1


class BrokenBackend:
    """A mail server that fails with a sentence that quotes the mail."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError(f"canary {messages[0].to} {messages[0].body}")


def test_every_change_of_the_gate_is_told():
    """The services send the events that they are named after, with ids only."""
    heard: list[tuple[str, dict[str, str]]] = []

    def hear(sender, event, ids, **kwargs):
        heard.append((event, ids))

    gate_changed.connect(hear)
    try:
        zone = gated_zone("agreement", "consent", "verification")
        reader = UserFactory()
        take_steps(reader, zone, consent="skipped")
        decide_agreement(
            user=reader,
            step=steps_of(zone)["agreement"],
            version_id=None,
            decision="withdrawn",
            surface="test",
        )
        boss = permit(UserFactory(), "gate.change_zonegate")
        revoke_admission(user=reader, zone=zone, by=boss, reason="测试")
        Verification.objects.update(expires_at=timezone.now() - timedelta(days=1))
        expire_due()
    finally:
        gate_changed.disconnect(hear)
    assert [event for event, _ids in heard] == [
        "consent.agreed",
        "consent.skipped",
        "consent.agreed",  # to the use of credentials
        "verification.submitted",
        "admission.granted",
        "verification.approved",
        "consent.withdrawn",
        "admission.revoked",
        "verification.expired",
    ]
    assert {name for _event, ids in heard for name in ids} == {"user", "case", "zone", "consent"}
    assert all(ids["user"] == str(reader.uuid) for _event, ids in heard)

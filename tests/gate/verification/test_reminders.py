"""Reminders before a verification ends: once each, whatever the job does."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from gate.models import Notice, Reminder, Verification
from gate.verification.reminders import remind_due
from tests.factories.gate import UserFactory, submitted, verification_in

pytestmark = pytest.mark.django_db


def ending_in(days: float, **kwargs) -> Verification:
    case = verification_in("approved", **kwargs)
    Verification.objects.filter(pk=case.pk).update(expires_at=timezone.now() + timedelta(days=days))
    Notice.objects.all().delete()
    case.refresh_from_db()
    return case


@pytest.mark.parametrize(
    ("days", "expected"), [(31, []), (29.9, [30]), (8, [30]), (6.9, [7]), (0.1, [7]), (-0.1, [])]
)
def test_the_day_decides(days, expected):
    ending_in(days)
    remind_due()
    assert list(Reminder.objects.values_list("days", flat=True)) == expected


def test_each_is_given_once_and_the_second_follows():
    case = ending_in(20)
    assert [remind_due(), remind_due()] == [1, 0]
    soon = timezone.now() + timedelta(days=5)
    Reminder.objects.update(expires_at=soon)
    Verification.objects.filter(pk=case.pk).update(expires_at=soon)
    assert [remind_due(), remind_due()] == [1, 0]
    assert Notice.objects.filter(event="verification.expiring").count() == 2


def test_a_new_term_is_reminded_of_anew():
    case = ending_in(20)
    remind_due()
    Verification.objects.filter(pk=case.pk).update(expires_at=timezone.now() + timedelta(days=25))
    assert remind_due() == 1


def test_whoever_asked_for_the_next_term_or_left_is_not_reminded():
    renewing, left = UserFactory(), UserFactory()
    ending_in(20, user=renewing)
    ending_in(20, user=left)
    submitted(renewing)
    type(left).objects.filter(pk=left.pk).update(is_active=False)
    assert remind_due() == 0


def test_the_days_are_a_setting(settings):
    settings.XINGLIN_REMINDER_DAYS = (90,)
    ending_in(60)
    assert remind_due() == 1


def test_the_daily_job_reminds_and_sends(mailoutbox):
    case = ending_in(20)
    for _run in range(2):
        call_command("gate_daily", stdout=StringIO())
    (message,) = [message for message in mailoutbox if message.to == [case.user.email]]
    assert "续期" in message.body

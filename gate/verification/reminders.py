"""Reminders before a verification ends: once for each of settings.XINGLIN_REMINDER_DAYS and each term."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from gate.models import OPEN_STATES, Reminder, Verification
from gate.notify.notifications import notify_after_commit


def remind_due() -> int:
    """Remind users whose term ends soon. Returns their number; a second run reminds no one.

    Of several reminders that are due at once (the job did not run, a short term) only the latest is sent.
    Users who have applied for the next term already need none.
    """
    now = timezone.now()
    given = 0
    passed = 0
    for days in sorted(settings.XINGLIN_REMINDER_DAYS):
        ending = Verification.objects.filter(
            state=Verification.State.APPROVED,
            expires_at__gt=now + timedelta(days=passed),
            expires_at__lte=now + timedelta(days=days),
            user__is_active=True,
        )
        renewing = Verification.objects.filter(state__in=OPEN_STATES).values("user_id")
        given += sum(_remind(case, days) for case in ending.exclude(user_id__in=renewing).iterator())
        passed = days
    return given


def _remind(case: Verification, days: int) -> bool:
    """False when it was sent before, perhaps by another worker in this moment."""
    if case.expires_at is None:
        return False
    try:
        with transaction.atomic():
            Reminder.objects.create(case=case, expires_at=case.expires_at, days=days, given_at=timezone.now())
            notify_after_commit("verification.expiring", case=case, days=days)
    except IntegrityError:
        return False
    return True

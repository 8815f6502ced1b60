"""Mails to reviewers about waiting cases: recipients, interval, and the count in the mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gate.models import Notice, Verification
from gate.notify.catalogue import WAITING
from gate.notify.notifications import send_notices
from gate.people.grants import Right, holders
from gate.people.reviewing import REVIEW_EVERYWHERE, waiting_for


def call_reviewers_after_commit(case: Verification) -> int:
    """Notify the reviewers of the case's zone of waiting cases, unless a mail about that is on its way.

    One mail to each at most in settings.XINGLIN_REVIEWER_MAIL_INTERVAL; it counts what waits when it is
    sent. Call it inside the transaction. Returns how many notices were written.
    """
    now = timezone.now()
    interval = timedelta(minutes=settings.XINGLIN_REVIEWER_MAIL_INTERVAL)
    people = holders(REVIEW_EVERYWHERE, case.zone_id, Right.REVIEW).exclude(pk=case.user_id)
    digests = Notice.objects.filter(event=WAITING)
    called: set[int] = set()
    recent: dict[int, datetime] = {}
    lately = digests.filter(Q(closed_at=None) | Q(closed_at__gt=now - interval))
    for user_id, closed in lately.values_list("user_id", "closed_at"):
        if closed is None:
            called.add(user_id)
        else:
            recent[user_id] = max(closed, recent.get(user_id, closed))
    fresh = [
        Notice(
            user_id=pk,
            event=WAITING,
            created_at=now,
            due_at=recent[pk] + interval if pk in recent else now,
        )
        for pk in people.values_list("pk", flat=True)
        if pk not in called
    ]
    if fresh:
        Notice.objects.bulk_create(fresh)
        transaction.on_commit(send_notices.enqueue, robust=True)
    return len(fresh)


def waiting_facts(notice: Notice) -> dict[str, Any] | None:
    """`waiting`: how many cases wait for this reviewer, as their desk counts; None when there are none."""
    waiting = waiting_for(notice.user).count()
    return {"waiting": waiting} if waiting else None

"""Sends due notices: each at least once, in the user's language, with a limited number of retries.

A worker takes a notice by advancing its `due_at`, so that of two workers one sends it, and a worker that
dies leaves it to the next. Failures are logged by number and kind of error, never with an address or a text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from gate.models import OPEN_STATES, MailChoice, Notice, Verification
from gate.notify.catalogue import TO_READER, TO_STAFF, WAITING, Mail, template_of
from gate.notify.outbox import transport

log = structlog.get_logger(__name__)

# Until then a notice belongs to the worker that took it; longer than any deadline of a mail server.
TAKEN = timedelta(minutes=5)
# After each failure; after the last one the notice is given up.
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
BATCH = 200
KEPT = timedelta(days=30)


FactsOf = Callable[[Notice], dict[str, Any] | None]
_facts: dict[str, FactsOf] = {}


def register_facts(facts_of: FactsOf, *events: str) -> None:
    """Register the function that returns the facts for the mails of `events` when they are sent.

    `facts_of` returns variables of the text, or None when the mail is no longer needed. gate.apps registers.
    """
    _facts.update(dict.fromkeys(events, facts_of))


def due_notices(now: datetime | None = None) -> QuerySet[Notice]:
    """Notices to be sent now."""
    return Notice.objects.filter(closed_at=None, due_at__lte=now or timezone.now())


def send_due() -> int:
    """Send what is due now. Returns how many mails left."""
    due = due_notices().order_by("due_at", "pk")
    return sum(_deliver(notice) for notice in due.select_related("user", "case")[:BATCH])


def forget_old() -> int:
    """Delete notices that were closed long ago. Returns the number."""
    return Notice.objects.filter(closed_at__lt=timezone.now() - KEPT).delete()[0]


def _deliver(notice: Notice) -> bool:
    now = timezone.now()
    mine = Notice.objects.filter(pk=notice.pk, closed_at=None, due_at=notice.due_at)
    if not mine.update(due_at=now + TAKEN, attempts=F("attempts") + 1):
        return False
    try:
        sent = _send(notice)
    except Exception as error:  # noqa: BLE001 - a mail server can fail in every way; the text must not be logged
        _reschedule(notice, error, now)
        return False
    closing = Notice.objects.filter(pk=notice.pk)
    if notice.event == WAITING:
        # Two transactions at once may both have notified this reviewer; one mail covers both.
        closing = Notice.objects.filter(user_id=notice.user_id, event=WAITING, closed_at=None)
    closing.update(closed_at=timezone.now())
    return sent


def _reschedule(notice: Notice, error: Exception, now: datetime) -> None:
    failed = notice.attempts  # before this attempt was counted
    given_up = failed >= len(RETRIES)
    log.warning(
        "notice_failed", notice=notice.pk, about=notice.event, error=type(error).__name__, given_up=given_up
    )
    Notice.objects.filter(pk=notice.pk).update(
        **({"closed_at": now, "given_up": True} if given_up else {"due_at": now + RETRIES[failed]})
    )


def _send(notice: Notice) -> bool:
    """False when the mail is no longer needed."""
    for_staff = notice.event in TO_STAFF
    mail = TO_STAFF.get(notice.event) or TO_READER.get(notice.event)
    if mail is None or not _wanted(notice, mail):
        return False
    user = notice.user
    with translation.override(user.locale):
        context: dict[str, Any] = {
            "case": notice.case,
            "standing": _standing(notice.case),
            "renewing": user.verifications.filter(state__in=OPEN_STATES).exists(),
            "name": user.display_name,
            "url": settings.XINGLIN_BASE_URL + (_desk_path(notice) if for_staff else mail.path),
            "account_url": settings.XINGLIN_BASE_URL + "/me/",
            "optional": mail.optional,
        }
        facts = _facts[notice.event](notice) if notice.event in _facts else {}
        if facts is None:
            return False
        context |= facts
        # This runs in the worker, which has the time and the retries: past the queue.
        text = render_to_string(template_of(notice.event), context)
        send_mail(str(mail.subject), text, None, [user.email], connection=transport())
    return True


def _standing(case: Verification | None) -> Verification | None:
    """The approval in force that a verification would replace."""
    old = case.replaces if case is not None else None
    opens = old is not None and old.state == Verification.State.APPROVED
    return old if opens and old is not None and old.expires_at and old.expires_at > timezone.now() else None


def _wanted(notice: Notice, mail: Mail) -> bool:
    """A user with an address who wants it, and a case that is still in the mail's state."""
    if not notice.user.is_active:
        return False
    if mail.state is not None and (notice.case is None or notice.case.state != mail.state):
        return False
    return not (
        mail.optional and MailChoice.objects.filter(user=notice.user_id, optional_mails=False).exists()
    )


def _desk_path(notice: Notice) -> str:
    if notice.case is None:
        return reverse("gate_desk:queue")
    return reverse("gate_desk:case", args=[notice.case.uuid])

"""Mails about the erasure of an account: when it was requested, cancelled, and carried out."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from gate.models import User
from gate.privacy.notice import KEPT

logger = logging.getLogger(__name__)

SUBJECTS: dict[str, str | Promise] = {
    "requested": _("Your account will be erased"),
    "cancelled": _("Your account stays"),
    "erased": _("Your account has been erased"),
}
SIGN_IN_PATH = "/accounts/login/"


def mail_after_commit(user: User, what: str) -> None:
    """Queue the mail, by the account's number; a rollback sends nothing."""
    transaction.on_commit(partial(send_erasure_mail.enqueue, user.pk, what))


@task(queue_name="mail")
def send_erasure_mail(user_id: int, what: str) -> bool:
    """Send it unless the state has changed since. Returns whether it was sent."""
    user = User.objects.filter(pk=user_id, erased_at=None).first()
    if user is None or user.is_closing != (what == "requested"):
        return False
    _message(user, what).send()
    return True


def send_last_mail(user: User) -> None:
    """Compose the last mail now, while there is an address, and send it after the commit.

    It passes no queue, which would store the address. A mail that cannot be sent undoes no erasure.
    """
    message = _message(user, "erased")
    transaction.on_commit(partial(_send_at_last, message, user.pk))


def _send_at_last(message: EmailMessage, user_id: int) -> None:
    try:
        message.send()
    except OSError as error:  # of which smtplib's are; their text may quote the address
        logger.warning("last mail not sent", extra={"user_id": user_id, "error": type(error).__name__})


def _message(user: User, what: str) -> EmailMessage:
    with translation.override(user.locale):
        due = user.erasure_due_at or timezone.now()
        context = {
            "name": user.display_name,
            "due": timezone.localtime(due),
            "last_day": timezone.localtime(due - timedelta(days=1)),
            "url": settings.XINGLIN_BASE_URL + SIGN_IN_PATH,
            "kept": KEPT,
        }
        body = render_to_string(f"gate/mail/erasure_{what}.txt", context)
        return EmailMessage(str(SUBJECTS[what]), body, None, [user.email])

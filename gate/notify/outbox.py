"""The mail outbox: Django's mail backend writes a sealed row, a worker delivers it.

Every mail of the product and of its libraries goes this way (settings.EMAIL_BACKEND). A row is sealed like a
credential (gate.sealing), is deleted once the mail server accepted it, and its task has no arguments:
neither queue nor log holds an address or a text. settings.XINGLIN_MAIL_TRANSPORT names the backend that
connects to the mail server.
"""

from __future__ import annotations

import json
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import task

from gate import sealing
from gate.models import OutgoingMail

log = structlog.get_logger(__name__)

# Until then a mail belongs to the worker that took it; longer than any deadline of a mail server.
TAKEN = timedelta(minutes=2)
# After each failure; after the last one the mail is given up. The first ones are short: users wait for
# codes.
RETRIES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 6 * 3600, 12 * 3600))
BATCH = 100
KEPT = timedelta(days=30)


class OutgoingBackend(BaseEmailBackend):
    """Django's mail backend of the product: writes rows, waits for nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the mails in the caller's transaction; a rollback sends none. Returns the number."""
        rows = []
        for message in email_messages:
            row = OutgoingMail()
            row.sealed = sealing.seal(_packed(message), context=row.uuid.bytes)
            rows.append(row)
        OutgoingMail.objects.bulk_create(rows)
        transaction.on_commit(deliver_mails.enqueue, robust=True)
        return len(rows)


@task(queue_name="mail")
def deliver_mails() -> int:
    """Pass due mails to the mail server. Safe to run at any time and by several workers at once."""
    return deliver_due()


def transport() -> Any:
    """A connection of the backend that connects to the mail server; not opened yet."""
    return get_connection(settings.XINGLIN_MAIL_TRANSPORT or settings.EMAIL_BACKEND)


def due_mails(now: datetime | None = None) -> QuerySet[OutgoingMail]:
    """Mails to be sent now."""
    return OutgoingMail.objects.filter(given_up_at=None, due_at__lte=now or timezone.now())


def deliver_due() -> int:
    """Send what is due, over one connection. Returns how many mails left.

    A mail server that does not respond is tried once in a run, not once for each mail.
    """
    sent = 0
    server = transport()
    try:
        for mail in due_mails().order_by("due_at", "pk")[:BATCH]:
            left, server_gone = _deliver(mail, server)
            sent += left
            if server_gone:
                break
    finally:
        server.close()
    return sent


def forget_old_mails() -> int:
    """Delete rows of mails that were given up long ago; they are empty. Returns the number."""
    return OutgoingMail.objects.filter(given_up_at__lt=timezone.now() - KEPT).delete()[0]


def _deliver(mail: OutgoingMail, server: Any) -> tuple[bool, bool]:
    """(the mail left, the server is unavailable)."""
    now = timezone.now()
    mine = OutgoingMail.objects.filter(pk=mail.pk, due_at=mail.due_at, given_up_at=None)
    if not mine.update(due_at=now + TAKEN, attempts=F("attempts") + 1):
        return False, False
    try:
        server.open()  # once for all
        server.send_messages([_unpacked(mail, server)])
    except Exception as error:  # noqa: BLE001 - a mail server can fail in every way; the text must not be logged
        _reschedule(mail, error, now)
        return False, isinstance(error, OSError) and not isinstance(error, _REFUSED)
    OutgoingMail.objects.filter(pk=mail.pk).delete()
    return True, False


# The server responded and refuses this mail; the next one may pass.
_REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


def _reschedule(mail: OutgoingMail, error: Exception, now: datetime) -> None:
    failed = mail.attempts  # before this attempt was counted
    given_up = failed >= len(RETRIES)
    log.warning("mail_failed", mail=mail.pk, error=type(error).__name__, given_up=given_up)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        **({"given_up_at": now, "sealed": b""} if given_up else {"due_at": now + RETRIES[failed]})
    )


def _packed(message: EmailMessage) -> bytes:
    """The parts of a mail. Nothing that the product sends has an attachment: ValueError."""
    if message.attachments:
        raise ValueError("Mails have no attachments.")
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return json.dumps(
        {
            "subject": str(message.subject),
            "body": str(message.body),
            "from_email": message.from_email,
            "to": list(message.to),
            "cc": list(message.cc),
            "bcc": list(message.bcc),
            "reply_to": list(message.reply_to),
            "headers": message.extra_headers,
            "alternatives": [[str(content), str(kind)] for content, kind in alternatives],
        }
    ).encode()


def _unpacked(mail: OutgoingMail, server: Any) -> EmailMultiAlternatives:
    parts = json.loads(sealing.open_sealed(bytes(mail.sealed), context=mail.uuid.bytes))
    alternatives = parts.pop("alternatives")
    message = EmailMultiAlternatives(**parts, connection=server)
    for content, kind in alternatives:
        message.attach_alternative(content, kind)
    return message

"""Mails on their way: no request waits for a mail server, nothing is lost, nothing can be read."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from gate.models import OutgoingMail
from gate.notify import outbox
from gate.notify.outbox import RETRIES, deliver_due, deliver_mails

pytestmark = pytest.mark.django_db

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
EMAIL, SECRET = "liuxu.canary@example.org", "柳絮痕 482913"


class Server:
    """A mail server that answers as its class says."""

    failure: Exception | None = None
    asked = 0

    def __init__(self, *args, **kwargs):
        pass

    def open(self):
        return True

    def close(self):
        pass

    def send_messages(self, messages):
        type(self).asked += 1
        if self.failure is not None:
            raise self.failure
        return len(messages)


@pytest.fixture(autouse=True)
def real_ways(settings, monkeypatch):
    settings.EMAIL_BACKEND = "gate.notify.outbox.OutgoingBackend"
    settings.XINGLIN_MAIL_TRANSPORT = LOCMEM
    monkeypatch.setattr(Server, "failure", None)
    monkeypatch.setattr(Server, "asked", 0)


@pytest.fixture
def failing(settings, monkeypatch):
    settings.XINGLIN_MAIL_TRANSPORT = "tests.gate.notify.test_outgoing_mail.Server"

    def fail(error):
        monkeypatch.setattr(Server, "failure", error)

    return fail


def make_due() -> None:
    OutgoingMail.objects.update(due_at=timezone.now())


def send(number: int = 1) -> None:
    for _ in range(number):
        mail.send_mail("验证码", SECRET, None, [EMAIL])


def test_a_mail_arrives_as_it_was_written():
    message = mail.EmailMultiAlternatives(
        "主题", "正文", "a@example.org", [EMAIL], ["bcc@example.org"],
        cc=["cc@example.org"], reply_to=["re@example.org"], headers={"X-Own": "1"},
    )  # fmt: skip
    message.attach_alternative("<p>正文</p>", "text/html")
    message.send()
    assert mail.outbox == []
    assert deliver_due() == 1
    (got,) = mail.outbox
    assert (got.subject, got.body, got.from_email) == ("主题", "正文", "a@example.org")
    assert (got.to, got.cc, got.bcc, got.reply_to) == (
        [EMAIL], ["cc@example.org"], ["bcc@example.org"], ["re@example.org"],
    )  # fmt: skip
    assert got.extra_headers == {"X-Own": "1"}
    assert [tuple(part) for part in got.alternatives] == [("<p>正文</p>", "text/html")]
    assert not OutgoingMail.objects.exists(), "a mail that left is deleted"


def test_a_rollback_sends_nothing():
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert deliver_due() == 0


def test_the_task_follows_the_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send()
    assert len(mail.outbox) == 1


def test_neither_row_nor_task_nor_log_can_be_read(failing, caplog):
    failing(OSError(f"550 {EMAIL} {SECRET}"))
    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gate_outgoingmail")
        columns = [bytes(part) for part in cursor.fetchone() if isinstance(part, bytes | memoryview)]
    stored = b"".join(columns)
    assert stored
    deliver_due()
    for trace in (EMAIL, SECRET):
        assert trace.encode() not in stored
        assert trace not in caplog.text
    assert deliver_mails.func.__code__.co_argcount == 0


def test_a_mail_that_fails_is_tried_again_and_given_up_in_the_end(failing):
    failing(smtplib.SMTPDataError(451, b"later"))
    send()
    for attempt in range(len(RETRIES) + 1):
        row = OutgoingMail.objects.get()
        assert (row.given_up_at, row.attempts) == (None, attempt)
        assert deliver_due() == 0
        assert attempt == len(RETRIES) or OutgoingMail.objects.get().due_at > timezone.now()
        make_due()
    row = OutgoingMail.objects.get()
    assert (row.given_up_at is not None, bytes(row.sealed)) == (True, b"")
    failing(None)
    assert deliver_due() == 0
    OutgoingMail.objects.update(given_up_at=timezone.now() - timedelta(days=31))
    assert outbox.forget_old_mails() == 1


def test_after_an_outage_everything_arrives(failing, settings):
    failing(TimeoutError())
    send(3)
    assert deliver_due() == 0
    settings.XINGLIN_MAIL_TRANSPORT = LOCMEM
    make_due()
    assert deliver_due() == 3


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (TimeoutError(), 1),
        (smtplib.SMTPServerDisconnected(), 1),
        (smtplib.SMTPRecipientsRefused({}), 3),
        (smtplib.SMTPDataError(552, b"no"), 3),
    ],
)
def test_a_server_that_is_away_is_asked_once_in_a_run(failing, error, asked):
    failing(error)
    send(3)
    deliver_due()
    assert Server.asked == asked


def test_a_mail_that_another_worker_took_is_left_to_it(monkeypatch):
    send()
    row = OutgoingMail.objects.get()
    OutgoingMail.objects.update(due_at=timezone.now() + outbox.TAKEN)
    assert outbox._deliver(row, outbox.transport()) == (False, False)
    assert mail.outbox == []


def test_an_attachment_is_refused_rather_than_lost():
    message = mail.EmailMessage("a", "b", None, [EMAIL])
    message.attach("a.txt", "x", "text/plain")
    with pytest.raises(ValueError, match="attachments"):
        message.send()

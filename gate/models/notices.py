"""Notices: mails to be sent. A row holds ids only; text and address are composed when it is sent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gate.models.verifications import Verification


class Notice(models.Model):
    """One mail to one user about one event, written in the transaction of the event.

    `due_at`: not before; a failure postpones it. `closed_at`: sent, no longer needed, or given up
    (`given_up`). `details`: further ids. Deleted some weeks after it was closed.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=40)
    case = models.ForeignKey(Verification, null=True, on_delete=models.CASCADE, related_name="notices")
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    given_up = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("mail to a user")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(closed_at__isnull=True), name="gate_notice_due"
            ),
            models.Index(fields=["user", "event"], name="gate_notice_user_event"),
        ]


class MailChoice(models.Model):
    """Whether a user wants the optional mails. Without a row: yes."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="mail_choice"
    )
    optional_mails = models.BooleanField(_("optional mails"), default=True)

    class Meta:
        verbose_name = _("choice of mails")


class Reminder(models.Model):
    """A reminder before a verification ends was sent: once for each term and number of days."""

    case = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="reminders")
    expires_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "expires_at", "days"], name="gate_one_reminder")
        ]

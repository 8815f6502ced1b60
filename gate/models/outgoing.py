"""Outgoing mails on their way to the mail server. Text and addresses are sealed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """One mail, written in the transaction of its event, deleted once the mail server accepted it.

    `due_at`: not before; a worker that takes it and a failure postpone it. `given_up_at`: after the last
    failure, when the content is emptied.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mail on its way")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"], condition=models.Q(given_up_at__isnull=True), name="gate_mail_due"
            ),
        ]

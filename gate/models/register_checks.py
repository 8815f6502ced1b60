"""Results of register checks of a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gate.models.append_only import AppendOnlyModel
from gate.models.verifications import Verification


class RegisterCheck(AppendOnlyModel):
    """One result of one register.

    `detail`: form field → "same", "differs", "missing" or "ended"; the register's own values are not stored,
    so that the row can outlive the applicant's data.
    """

    class Status(models.TextChoices):
        FOUND = "found", _("found in the register")
        DIFFERS = "differs", _("differs from the register")
        NOT_FOUND = "not_found", _("not in the register")
        UNAVAILABLE = "unavailable", _("the register could not be asked")

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="register_checks")
    register = models.CharField(_("register"), max_length=80)
    status = models.CharField(_("result"), max_length=16, choices=Status.choices)
    detail = models.JSONField(default=dict)
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("check in a register")
        verbose_name_plural = _("checks in registers")
        ordering: ClassVar[list[str]] = ["-pk"]

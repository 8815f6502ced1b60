"""Who did what to the gate, and who looked at whose data."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gate.models.append_only import AppendOnlyModel


class AuditEvent(AppendOnlyModel):
    """One act of staff. `subject` is the person it concerns; `target` names the object as "model:id"."""

    class Action(models.TextChoices):
        CREDENTIAL_VIEWED = "credential_viewed", _("looked at a credential")
        GRANT_GIVEN = "grant_given", _("gave a right")
        GRANT_REVOKED = "grant_revoked", _("took a right back")
        ADMISSION_REVOKED = "admission_revoked", _("revoked an admission")
        ADMISSION_REOPENED = "admission_reopened", _("reopened a zone for a reader")
        AGREEMENT_PUBLISHED = "agreement_published", _("published an agreement version")
        QUESTIONNAIRE_PUBLISHED = "questionnaire_published", _("published a questionnaire version")
        GATE_CHANGED = "gate_changed", _("changed the steps of a gate")

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=32, choices=Action.choices)
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    target = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes = [models.Index(fields=["subject", "at"], name="gate_audit_subject")]

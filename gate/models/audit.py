"""The audit log: acts of staff on the gate, and accesses to personal data."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.characters import clean_text
from gate.models.append_only import AppendOnlyModel

# Reasons that the system records for staff: the desk uses this one for every look at a file.
GIVEN_REASONS = {"deciding the case": _("deciding the case")}


class AuditEvent(AppendOnlyModel):
    """One act of staff, one access to personal data, or one act of a user on their own data.

    `subject` is the user it concerns; `target` names the object as "model:id"; `actor` is None for what the
    system did by itself. Rows outlive accounts: they hold ids and texts of staff, never a name, an address
    or a number of the user.
    """

    class Action(models.TextChoices):
        CREDENTIAL_VIEWED = "credential_viewed", _("looked at a credential")
        GRANT_GIVEN = "grant_given", _("gave a right")
        GRANT_REVOKED = "grant_revoked", _("took a right back")
        GRANT_PROPOSED = "grant_proposed", _("proposed a right that a second administrator confirms")
        GRANT_CONFIRMED = "grant_confirmed", _("confirmed a proposed right")
        GRANT_DECLINED = "grant_declined", _("declined a proposed right")
        ADMISSION_REVOKED = "admission_revoked", _("revoked an admission")
        ADMISSION_REOPENED = "admission_reopened", _("reopened a zone for a reader")
        AGREEMENT_PUBLISHED = "agreement_published", _("published an agreement version")
        QUESTIONNAIRE_PUBLISHED = "questionnaire_published", _("published a questionnaire version")
        GATE_CHANGED = "gate_changed", _("changed the steps of a gate")
        CASE_OPENED = "case_opened", _("opened a verification")
        VERIFICATION_REVOKED = "verification_revoked", _("revoked a verification")
        CASE_CHANGED = "case_changed", _("worked on a verification")
        PEOPLE_LISTED = "people_listed", _("listed users")
        PEOPLE_SEARCHED = "people_searched", _("searched users")
        PERSON_VIEWED = "person_viewed", _("opened an account")
        PERSON_CREATED = "person_created", _("made an account")
        PERSON_CHANGED = "person_changed", _("changed an account")
        PASSWORD_LINK_SENT = "password_link_sent", _("sent a link to set a password")
        GROUP_CHANGED = "group_changed", _("changed the rights of a group")
        ANSWERS_VIEWED = "answers_viewed", _("looked at answers")
        ANSWERS_EXPORTED = "answers_exported", _("exported answers")
        AUDIT_EXPORTED = "audit_exported", _("exported the audit log")
        DATA_EXPORTED = "data_exported", _("exported a user's data")
        DATA_CORRECTED = "data_corrected", _("corrected their own data")
        ERASURE_REQUESTED = "erasure_requested", _("asked for the erasure of an account")
        ERASURE_CANCELLED = "erasure_cancelled", _("cancelled the erasure of an account")
        ACCOUNT_ERASED = "account_erased", _("erased an account")
        CLIENT_CREATED = "client_created", _("registered a front end")
        CLIENT_CHANGED = "client_changed", _("changed a front end")
        CLIENT_SECRET_REPLACED = "client_secret_replaced", _("gave a front end a new secret")
        CLIENT_DELETED = "client_deleted", _("deleted a front end")
        CREDENTIALS_DELETED = "credentials_deleted", _("deleted credential files on schedule")

    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
    )
    # Without `choices`, so that a new Action needs no migration of an append-only table.
    action = models.CharField(_("what"), max_length=32)
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("whom"),
    )
    target = models.CharField(_("object"), max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    detail = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering: ClassVar[list[str]] = ["-pk"]
        permissions = [
            ("export_auditevent", "Can export the audit log"),
        ]
        indexes = [
            models.Index(fields=["subject", "at"], name="gate_audit_subject"),
            models.Index(fields=["at"], name="gate_audit_at"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A row can never be corrected: characters that would break a log or an export are removed."""
        self.target, self.reason = clean_text(self.target), clean_text(self.reason)
        self.detail = {
            name: clean_text(value) if isinstance(value, str) else value
            for name, value in self.detail.items()
        }
        super().save(*args, **kwargs)

    @property
    def action_label(self) -> str:
        """The action, in the reader's language."""
        return str(dict(self.Action.choices).get(self.action, self.action))

    @property
    def reason_label(self) -> str:
        """The reason in the reader's language where the system recorded it, else the text of staff."""
        return str(GIVEN_REASONS.get(self.reason, self.reason))

    @classmethod
    def record(
        cls,
        action: AuditEvent.Action,
        actor: Any = None,
        subject: Any = None,
        target: str | models.Model = "",
        reason: str = "",
        **detail: Any,
    ) -> AuditEvent:
        """Append one row, in the caller's transaction.

        `actor` and `subject` are accounts or None; `target` an object or its "model:id"; `detail` what JSON
        can hold: ids, counts, names of fields, never values of personal data.
        """
        if isinstance(target, models.Model):
            target = f"{target._meta.model_name}:{target.pk}"
        return cls.objects.create(
            at=timezone.now(),
            actor=actor,
            action=action,
            subject=subject,
            target=target[:80],
            reason=reason.strip()[:500],
            detail=detail,
        )

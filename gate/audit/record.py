"""Copies what staff do with a verification to the audit log, beside the case's own history."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gate.models import AuditEvent, VerificationEvent

ACTS: dict[str, str | Promise] = {
    "submitted": _("Request submitted"),
    "claimed": _("Taken for review"),
    "information_requested": _("The applicant was asked for more information"),
    "information_given": _("The applicant answered"),
    "handed_over": _("Handed over"),
    "noted": _("Note left"),
    "appealed": _("The applicant asked for another review"),
    "consent_withdrawn": _("The applicant withdrew the consent to the use of credentials"),
    "released": _("Put back"),
    "approved": _("Approved"),
    "rejected": _("Rejected"),
    "revocation_proposed": _("Revocation proposed"),
    "revocation_declined": _("Revocation declined"),
    "revoked": _("Revoked"),
    "superseded": _("Replaced by a newer approval"),
    "expired": _("Expired"),
}
"""The acts of casework (VerificationEvent.action) in words."""


def record_casework(sender: Any, instance: VerificationEvent, created: bool, **kwargs: Any) -> None:
    """Receiver of post_save: an act of a user other than the applicant leaves an audit row."""
    case = instance.verification
    if not created or instance.actor_id is None or instance.actor_id == case.user_id:
        return
    AuditEvent.record(
        AuditEvent.Action.CASE_CHANGED,
        instance.actor,
        case.user,
        case,
        act=instance.action,
        state=instance.to_state,
    )

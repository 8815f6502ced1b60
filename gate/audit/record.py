"""What staff do with a verification is in its own history; the audit log names it too, as the one log."""

from __future__ import annotations

from typing import Any

from gate.models import AuditEvent, VerificationEvent


def record_casework(sender: Any, instance: VerificationEvent, created: bool, **kwargs: Any) -> None:
    """Receiver of post_save: the act of somebody who is not the case's own person leaves an audit row."""
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

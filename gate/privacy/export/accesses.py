"""Accesses to a user's data and acts of staff about them, as the user may see them.

Staff are named by a code: the user can refer to one, administrators can look it up, and no reviewer is
exposed for a decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gate.audit.export import staff_code
from gate.models import AuditEvent, User


@dataclass(frozen=True, slots=True)
class Entry:
    """`by`: "you", "staff" or "system"; `code` stands for one member of staff, else empty."""

    at: datetime
    action: str
    label: str
    by: str
    code: str
    reason: str


def accesses_of(user: User, *, most: int | None = None) -> list[Entry]:
    """Newest first; all without `most`. One query, and one for the staff users."""
    events = AuditEvent.objects.filter(subject=user).select_related("actor").order_by("-pk")
    return [_entry(event, user) for event in (events if most is None else events[:most])]


def _entry(event: AuditEvent, user: User) -> Entry:
    actor = event.actor
    by = "system" if actor is None else "you" if actor.pk == user.pk else "staff"
    looked = event.action == AuditEvent.Action.CREDENTIAL_VIEWED
    return Entry(
        at=event.at,
        action=event.action,
        label=event.action_label,
        by=by,
        code=staff_code(actor) if by == "staff" and actor is not None else "",
        # Other reasons are notes of staff among themselves.
        reason=event.reason_label if looked else "",
    )

"""What a person may know about their own request: where it stands, how long it takes, what was said."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from gate.models import OPEN_STATES, Verification
from gate.policy import CaseState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from gate.models import User

# Enough decisions to be usual, few enough to be recent.
DECISIONS_COUNTED = 50
INPUT_FIELDS = (
    "full_name",
    "profession",
    "licence_number",
    "institution",
    "department",
    "professional_title",
)


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """The person's latest request. `field_reasons`: form field → what the reviewer said; `previous_input`:
    what the form is filled with again (never the content of a credential). `position` counts from 1, while
    open.
    """

    uuid: UUID
    state: CaseState
    submitted_at: datetime | None
    decided_at: datetime | None
    expires_at: datetime | None
    reason: str
    field_reasons: dict[str, str]
    previous_input: dict[str, str]
    credentials: int
    position: int | None
    usual_wait: timedelta | None


def case_status(user: User | AnonymousUser, *, now: datetime) -> CaseStatus | None:
    """None for somebody who never asked. At most four queries."""
    if user.pk is None:
        return None
    case = Verification.objects.filter(user_id=user.pk).order_by("-pk").first()
    if case is None:
        return None
    is_open = case.state in OPEN_STATES
    return CaseStatus(
        uuid=case.uuid,
        state=_state_now(case, now),
        submitted_at=case.submitted_at,
        decided_at=case.decided_at,
        expires_at=case.expires_at,
        reason=case.reason,
        field_reasons=dict(case.field_reasons),
        previous_input={name: getattr(case, name) for name in INPUT_FIELDS},
        credentials=case.credentials.filter(deleted_at=None).count(),
        position=queue_position(case) if is_open else None,
        usual_wait=usual_wait() if is_open else None,
    )


def queue_position(case: Verification) -> int:
    """1 for the request that has waited longest."""
    earlier: dict[str, Any] = {"submitted_at__lt": case.submitted_at}
    return 1 + Verification.objects.filter(state__in=OPEN_STATES, **earlier).count()


def usual_wait() -> timedelta | None:
    """The median time from submission to decision of the latest decisions; None before the first one."""
    decided = Verification.objects.filter(submitted_at__isnull=False, decided_at__isnull=False)
    times = decided.order_by("-decided_at").values_list("submitted_at", "decided_at")[:DECISIONS_COUNTED]
    waits = [end - start for start, end in times if start is not None and end is not None and end >= start]
    return timedelta(seconds=statistics.median(wait.total_seconds() for wait in waits)) if waits else None


def _state_now(case: Verification, now: datetime) -> CaseState:
    """An approval that has run out is expired before any job says so."""
    state = CaseState(case.state)
    if state == CaseState.APPROVED and case.expires_at is not None and case.expires_at <= now:
        return CaseState.EXPIRED
    return state

"""The state of a user's own verification: progress, waiting time, reasons, messages."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from gate.decision.facts import CaseFact, CaseState
from gate.decision.policy import valid_case
from gate.models import DESK_STATES, WAITS_SINCE, CaseMessage, Verification
from gate.models.verifications import STATED_FIELDS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from gate.models import User

# Long enough to come back from a holiday; the files of a rejected case are not kept for ever.
APPEAL_WITHIN = timedelta(days=30)
# Enough decisions to be usual, few enough to be recent.
DECISIONS_COUNTED = 50
INPUT_FIELDS = STATED_FIELDS


@dataclass(frozen=True, slots=True)
class CaseWords:
    """A text and when it was written."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InForce:
    """The approval in force: the approved statement, and its end."""

    uuid: UUID
    expires_at: datetime | None
    stated: dict[str, str]


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """The user's latest verification.

    `field_reasons`: form field → the reviewer's reason; `previous_input`: what the form is filled with again
    (never the content of a credential). `position` counts from 1, while open. `question`: what a reviewer
    asked, while it is unanswered. `appeal`: the user's appeal, also after its outcome; `appeal_until`: until
    when one can be made. `in_force`: the approval that counts now, perhaps an earlier verification's: it
    stays in force while a change waits or was rejected.
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
    question: CaseWords | None = None
    appeal: CaseWords | None = None
    appeal_until: datetime | None = None
    in_force: InForce | None = None

    @property
    def standing(self) -> InForce | None:
        """The approval of an earlier verification that counts beside this one."""
        return self.in_force if self.in_force is not None and self.in_force.uuid != self.uuid else None


def case_status(
    user: User | AnonymousUser,
    *,
    now: datetime,
    cases: Sequence[Verification] | None = None,
    credentials: int | None = None,
) -> CaseStatus | None:
    """None for an account without any. At most five queries. `cases`, oldest first, and how many
    `credentials` the latest has: if they are known already, a query less each.

    """
    if user.pk is None:
        return None
    if cases is None:
        cases = list(Verification.objects.filter(user_id=user.pk).order_by("pk"))
    if not cases:
        return None
    case, counts = cases[-1], in_force(cases, now)
    is_open = case.state in DESK_STATES
    said = _messages_of(case)
    return CaseStatus(
        uuid=case.uuid,
        state=_state_now(case, now),
        submitted_at=case.submitted_at,
        decided_at=case.decided_at,
        expires_at=case.expires_at,
        reason=case.reason,
        field_reasons=dict(case.field_reasons),
        previous_input=_stated(case),
        credentials=_count_credentials(case) if credentials is None else credentials,
        position=queue_position(case) if is_open else None,
        usual_wait=usual_wait() if is_open else None,
        question=said.get(CaseMessage.Kind.QUESTION) if case.state == CaseState.NEEDS_ANSWER else None,
        appeal=said.get(CaseMessage.Kind.APPEAL),
        appeal_until=appeal_until(case, now),
        in_force=InForce(counts.uuid, counts.expires_at, _stated(counts)) if counts is not None else None,
    )


def _count_credentials(case: Verification) -> int:
    return case.credentials.filter(deleted_at=None).count()


def in_force(cases: Sequence[Verification], now: datetime) -> Verification | None:
    """The verification of one user, the oldest first, whose approval counts; the policy decides which."""
    facts = [CaseFact(CaseState(case.state), case.expires_at) for case in cases]
    valid = valid_case(tuple(facts), now)
    return next((case for case, fact in zip(cases, facts, strict=True) if fact is valid), None)


def _stated(case: Verification) -> dict[str, str]:
    return {name: getattr(case, name) for name in INPUT_FIELDS}


def _messages_of(case: Verification) -> dict[str, CaseWords]:
    """The latest question and the appeal, by kind; never what reviewers write among themselves."""
    if case.state != CaseState.NEEDS_ANSWER and case.appealed_from_id is None:
        return {}
    rows = case.messages.filter(kind__in=CaseMessage.SHOWN_TO_PERSON)
    return {kind: CaseWords(text, at) for kind, text, at in rows.values_list("kind", "text", "at")}


def appeal_until(case: Verification, now: datetime) -> datetime | None:
    """None for a case that cannot be appealed (any more)."""
    decided = case.state == CaseState.REJECTED and case.reviewer_id is not None
    if not decided or case.decided_at is None or case.appealed_from_id is not None:
        return None
    ends = case.decided_at + APPEAL_WITHIN
    return ends if now < ends else None


def queue_position(case: Verification) -> int:
    """1 for the case that has waited longest."""
    waiting = Verification.objects.filter(state__in=DESK_STATES).alias(since=WAITS_SINCE)
    earlier: dict[str, Any] = {"since__lt": case.waits_since}
    return 1 + waiting.filter(**earlier).count()


def usual_wait() -> timedelta | None:
    """The median time from submission to decision of the latest decisions; None before the first one."""
    decided = Verification.objects.filter(submitted_at__isnull=False, decided_at__isnull=False)
    times = decided.order_by("-decided_at").values_list(WAITS_SINCE, "decided_at")[:DECISIONS_COUNTED]
    waits = [end - start for start, end in times if start is not None and end is not None and end >= start]
    return timedelta(seconds=statistics.median(wait.total_seconds() for wait in waits)) if waits else None


def _state_now(case: Verification, now: datetime) -> CaseState:
    """An approval that has run out is expired before any job marks it."""
    state = CaseState(case.state)
    if state == CaseState.APPROVED and case.expires_at is not None and case.expires_at <= now:
        return CaseState.EXPIRED
    return state

"""Who reviews what. The desk, the services and the menu ask here.

A reviewer holds gate.review_verification (every zone) or the right `review` on the zone in which a request
came in. A request without a zone is for those who review everywhere. Being a superuser is not enough.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from gate.grants import Right, has_right, holds_everywhere, zones_with_right
from gate.models import User, Verification

REVIEW_EVERYWHERE = "gate.review_verification"
SEE_EVERYWHERE = "gate.see_any_credential"
# A claim that is left alone opens again, so that nobody waits for a reviewer who went home.
CLAIM_LASTS = timedelta(minutes=30)


def is_reviewer(user: User) -> bool:
    """True for anybody who may review at least one zone."""
    return bool(user.is_authenticated) and (
        holds_everywhere(user, REVIEW_EVERYWHERE) or bool(zones_with_right(user, Right.REVIEW))
    )


def reviewable_cases(user: User) -> QuerySet[Verification]:
    """The requests, decided ones too, that this person may open at the desk; drafts are nobody's business."""
    if not user.is_authenticated:
        return Verification.objects.none()
    # Whoever asked to be erased is nobody's case any more, unless they come back.
    cases = Verification.objects.exclude(state=Verification.State.DRAFT).filter(user__erasure_due_at=None)
    if holds_everywhere(user, REVIEW_EVERYWHERE):
        return cases
    return cases.filter(zone_id__in=zones_with_right(user, Right.REVIEW))


def may_review(user: User, case: Verification) -> bool:
    """True when the person may decide this case: appointed, and not their own."""
    if case.user_id == user.pk or case.user.is_closing:
        return False
    return holds_everywhere(user, REVIEW_EVERYWHERE) or has_right(user, case.zone_id, Right.REVIEW)


def may_see_credentials(user: User, case: Verification) -> bool:
    """True when the person may open the pictures of this case once it is assigned to them."""
    if not may_review(user, case):
        return False
    return holds_everywhere(user, SEE_EVERYWHERE) or has_right(user, case.zone_id, Right.SEE_CREDENTIALS)


def claimed_by_another(user: User, case: Verification, *, now: datetime | None = None) -> bool:
    """True while somebody else's claim on the case lasts."""
    return (
        case.state == Verification.State.IN_REVIEW
        and case.reviewer_id not in (None, user.pk)
        and case.claimed_at is not None
        and case.claimed_at + CLAIM_LASTS > (now or timezone.now())
    )

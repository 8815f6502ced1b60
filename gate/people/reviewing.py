"""The rules who reviews which case. The desk, the services and the menu ask here.

A reviewer has gate.review_verification (every zone) or the right `review` on the zone in which a case came
in. A case without a zone is for users who review everywhere. Being a superuser is not enough.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.models import DESK_STATES, User, Verification
from gate.people.grants import Right, has_right, holders, holds_everywhere, zones_with_right

REVIEW_EVERYWHERE = "gate.review_verification"
SEE_EVERYWHERE = "gate.see_any_credential"
ADMIN_ACCESS = "wagtailadmin.access_admin"
# A case, or its revocation: an approved case has a proposal only while that waits.
AWAITS_DECISION = Q(state__in=DESK_STATES) | (Q(state=Verification.State.APPROVED) & ~Q(proposal={}))
# An idle claim ends, so that no applicant waits for a reviewer who went home.
CLAIM_LASTS = timedelta(minutes=30)
# A case that was handed over or just answered is kept for its reviewer over a day off.
HELD_FOR = timedelta(days=1)
# Then every reviewer may claim the case of an applicant who does not answer, and decide it as it is.
ANSWER_WITHIN = timedelta(days=14)


def is_reviewer(user: User) -> bool:
    """True for users who may review at least one zone."""
    return bool(user.is_authenticated) and (
        holds_everywhere(user, REVIEW_EVERYWHERE) or bool(zones_with_right(user, Right.REVIEW))
    )


def reviewable_cases(user: User) -> QuerySet[Verification]:
    """The cases, decided ones too, that this user may open at the desk.

    No drafts, and not their own: reviewers write there what the applicant must not read.
    """
    if not user.is_authenticated:
        return Verification.objects.none()
    # The cases of users who asked to be erased are hidden, unless the user comes back.
    cases = Verification.objects.exclude(state=Verification.State.DRAFT).filter(user__erasure_due_at=None)
    cases = cases.exclude(user=user)
    if holds_everywhere(user, REVIEW_EVERYWHERE):
        return cases
    return cases.filter(zone_id__in=zones_with_right(user, Right.REVIEW))


def may_review(user: User, case: Verification) -> bool:
    """True when the user may decide this case: appointed, and not the applicant."""
    if case.user_id == user.pk or case.user.is_closing:
        return False
    return holds_everywhere(user, REVIEW_EVERYWHERE) or has_right(user, case.zone_id, Right.REVIEW)


def may_see_credentials(user: User, case: Verification) -> bool:
    """True when the user may open the pictures of this case once it is assigned to them."""
    if not may_review(user, case):
        return False
    return holds_everywhere(user, SEE_EVERYWHERE) or has_right(user, case.zone_id, Right.SEE_CREDENTIALS)


def barred(user: User, case: Verification) -> str:
    """Why another reviewer has to decide this case next; empty when this user may."""
    if case.proposed_by_id == user.pk:
        return _("You decided this case first. Another reviewer has to confirm it.")
    if case.appealed_from_id == user.pk:
        return _("You rejected this request. Another reviewer looks at it again.")
    return ""


def not_barred(cases: QuerySet[Verification], user: User) -> QuerySet[Verification]:
    """The cases from which barred() does not keep this user."""
    return cases.exclude(proposed_by=user).exclude(appealed_from=user)


def claim_ends(case: Verification) -> datetime | None:
    """Until when the case is kept for its reviewer; None when it is not in review."""
    if case.state != Verification.State.IN_REVIEW or case.claimed_at is None:
        return None
    return max(case.claimed_at + CLAIM_LASTS, case.held_until or case.claimed_at)


def left_alone(now: datetime) -> Q:
    """claim_ends() has passed, as a condition."""
    return Q(claimed_at__lte=now - CLAIM_LASTS) & (Q(held_until=None) | Q(held_until__lte=now))


def claimed_by_another(user: User, case: Verification, *, now: datetime | None = None) -> bool:
    """True while another reviewer's claim on the case lasts."""
    ends = claim_ends(case)
    return case.reviewer_id not in (None, user.pk) and ends is not None and ends > (now or timezone.now())


def may_take_back(user: User, case: Verification, *, now: datetime | None = None) -> bool:
    """True of a case that waits for the applicant: for the one who asked, after ANSWER_WITHIN for all."""
    if case.state != Verification.State.NEEDS_ANSWER or case.claimed_at is None:
        return False
    return case.reviewer_id == user.pk or case.claimed_at + ANSWER_WITHIN <= (now or timezone.now())


def waiting_for(user: User) -> QuerySet[Verification]:
    """Cases that wait for a decision that this user may make: none that they decided before.

    The badge of the menu, the queue and the mail to reviewers count this and nothing else.
    """
    return not_barred(reviewable_cases(user).filter(AWAITS_DECISION), user)


def colleagues(user: User, case: Verification) -> QuerySet[User]:
    """Reviewers who could take the case over, by name: they may decide it and use the admin."""
    people = holders(REVIEW_EVERYWHERE, case.zone_id, Right.REVIEW).filter(erasure_due_at=None)
    inside = holders(ADMIN_ACCESS, None, Right.REVIEW)
    people = people.filter(Q(is_superuser=True) | Q(pk__in=inside.values("pk")))
    concerned = (user.pk, case.user_id, case.appealed_from_id, case.proposed_by_id)
    keep_out = [pk for pk in concerned if pk is not None]
    return people.exclude(pk__in=keep_out).order_by("display_name", "email")

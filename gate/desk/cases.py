"""Which cases a reviewer is shown: the queue, what is free, what comes next. Access is gate.reviewing's."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone

from gate.desk.waiting import OVERDUE_AFTER
from gate.models import OPEN_STATES, User, Verification
from gate.reviewing import CLAIM_LASTS, reviewable_cases

State = Verification.State


def queue_of(reviewer: User) -> QuerySet[Verification]:
    """The requests of the reviewer's zones but drafts, with `possible_duplicate`, person and reviewer."""
    same_number = (
        Verification.objects.filter(licence_number=OuterRef("licence_number"))
        .exclude(user_id=OuterRef("user_id"))
        .exclude(state=State.DRAFT)
    )
    return (
        reviewable_cases(reviewer)
        .select_related("user", "reviewer")
        .annotate(possible_duplicate=~Q(licence_number="") & Exists(same_number))
    )


def waiting_for(reviewer: User) -> QuerySet[Verification]:
    """Open cases that this person may decide: not their own."""
    return reviewable_cases(reviewer).filter(state__in=OPEN_STATES).exclude(user=reviewer)


def overdue_for(reviewer: User) -> QuerySet[Verification]:
    """Those of them that have waited longer than OVERDUE_AFTER."""
    return waiting_for(reviewer).filter(submitted_at__lte=timezone.now() - OVERDUE_AFTER)


def free_for(reviewer: User) -> QuerySet[Verification]:
    """Those that nobody else is working on, in the order of the queue: who waited longest comes first."""
    abandoned = timezone.now() - CLAIM_LASTS
    free = Q(state=State.SUBMITTED) | Q(reviewer=reviewer) | Q(claimed_at__lte=abandoned)
    return waiting_for(reviewer).filter(free).order_by("submitted_at", "pk")


def next_for(
    reviewer: User, *, besides: Verification | None, skipped: Collection[str]
) -> QuerySet[Verification]:
    """free_for() without the case at hand; what was skipped (uuids) comes after all that was not."""
    rows = free_for(reviewer).select_related("user", "reviewer")
    if skipped:  # PostgreSQL takes a constant there for the number of a column
        rows = rows.order_by(Case(When(uuid__in=skipped, then=1), default=0), "submitted_at", "pk")
    return rows if besides is None else rows.exclude(pk=besides.pk)

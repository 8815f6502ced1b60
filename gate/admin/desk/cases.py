"""Queries for a reviewer's cases: the queue, what is free, what is next. Rules: gate.people.reviewing."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from gate.admin.desk.waiting import OVERDUE_AFTER
from gate.models import DESK_STATES, WAITS_SINCE, User, Verification, VerificationEvent
from gate.people.reviewing import left_alone, reviewable_cases, waiting_for
from gate.verification.duplicates import has_duplicates

State = Verification.State
# Like WAITS_SINCE; the proposed revocation of an approved case waits since it was proposed.
PROPOSED_AT = VerificationEvent.objects.filter(verification=OuterRef("pk"), action="revocation_proposed")
DESK_SINCE = Case(
    When(
        Q(state=State.APPROVED) & ~Q(proposal={}),
        then=Subquery(PROPOSED_AT.order_by("-pk").values("at")[:1]),
    ),
    default=WAITS_SINCE,
)


def queue_of(reviewer: User) -> QuerySet[Verification]:
    """The cases of the reviewer's zones except drafts; with `possible_duplicate`, `since`, zone and users."""
    cases = reviewable_cases(reviewer).select_related("user", "reviewer", "zone", "replaces")
    return cases.annotate(possible_duplicate=has_duplicates(), since=DESK_SINCE)


def overdue_for(reviewer: User) -> QuerySet[Verification]:
    """Those of them that have waited longer than OVERDUE_AFTER."""
    return waiting_for(reviewer).alias(since=DESK_SINCE).filter(Q(since__lte=timezone.now() - OVERDUE_AFTER))


def free_for(reviewer: User) -> QuerySet[Verification]:
    """Cases of the queue that no other reviewer is working on, longest waiting first."""
    free = Q(state=State.SUBMITTED) | Q(reviewer=reviewer) | left_alone(timezone.now())
    return (
        waiting_for(reviewer)
        .filter(free, state__in=DESK_STATES)
        .alias(since=DESK_SINCE)
        .order_by(F("since"), "pk")
    )


def next_for(
    reviewer: User, *, besides: Verification | None, skipped: Collection[str]
) -> QuerySet[Verification]:
    """free_for() without the current case; skipped ones (uuids) come after all others."""
    rows = free_for(reviewer).select_related("user", "reviewer")
    if skipped:  # PostgreSQL takes a constant there for the number of a column
        rows = rows.order_by(Case(When(uuid__in=skipped, then=1), default=0), F("since"), "pk")
    return rows if besides is None else rows.exclude(pk=besides.pk)

"""Queries for the dashboard's figures: waiting times and decisions. Each figure is one query.

Waiting time is the queue's: from the submission (or the appeal) to the latest decision, without the time a
case waited for the applicant. Decisions are the events': one that an appeal overturned later counts all the
same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from gate.admin.desk.percentiles import Waits
from gate.models import DESK_STATES, WAITS_SINCE, User, Verification, VerificationEvent

APPROVED, REJECTED, PROPOSED = "approved", "rejected", "proposed"


@dataclass(frozen=True, slots=True)
class Scope:
    """The zones and period of the figures.

    `zone_ids` None: every zone and the cases that came in without one. `viewer`: id of the user who reads
    them; their own cases do not count, so that no figure shows who decided those. A period is `days` whole
    days in the current time zone, today the last.
    """

    zone_ids: frozenset[int] | None
    days: int
    today: date = field(default_factory=timezone.localdate)
    viewer: int | None = None

    @property
    def dates(self) -> list[date]:
        """The days of the period, the oldest first."""
        return [self.today - timedelta(days=back) for back in range(self.days - 1, -1, -1)]

    @property
    def since(self) -> datetime:
        """The first moment of the period."""
        return timezone.make_aware(datetime.combine(self.dates[0], datetime.min.time()))

    @property
    def before(self) -> datetime:
        """The first moment after it."""
        tomorrow = self.today + timedelta(days=1)
        return timezone.make_aware(datetime.combine(tomorrow, datetime.min.time()))

    def within(self, moment: str, *, zone: str = "zone_id") -> Q:
        """Rows of these zones whose column `moment` lies in the period."""
        in_time = Q(**{f"{moment}__gte": self.since, f"{moment}__lt": self.before})
        return in_time & self.in_zones(zone)

    def in_zones(self, zone: str = "zone_id") -> Q:
        """Rows of these zones, of any time."""
        others = Q() if self.viewer is None else ~Q(**{zone.replace("zone_id", "user_id"): self.viewer})
        return others if self.zone_ids is None else others & Q(**{f"{zone}__in": self.zone_ids})


@dataclass(slots=True)
class Tally:
    """`proposed`: first decisions that another reviewer had to confirm, who counts as having decided."""

    approved: int = 0
    rejected: int = 0
    proposed: int = 0

    @property
    def decided(self) -> int:
        return self.approved + self.rejected

    def add(self, action: str, number: int) -> None:
        setattr(self, action, getattr(self, action) + number)


@dataclass(frozen=True, slots=True)
class ReviewerTally:
    """One reviewer's decisions in the period."""

    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class DayTally:
    """All decisions of one day; `by` names the reviewers with their counts, the busiest first."""

    day: date
    tally: Tally
    by: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """`reviewers`: the busiest first; `days`: every day of the period, also those without a decision."""

    total: Tally
    reviewers: tuple[ReviewerTally, ...]
    days: tuple[DayTally, ...]


def decided_waits(scope: Scope) -> Waits:
    """How long the cases waited whose latest decision fell into the period."""
    rows = Verification.objects.filter(scope.within("decided_at")).order_by()
    times = rows.values_list(WAITS_SINCE, "decided_at")
    return Waits.of(_spans(times))


def open_waits(scope: Scope, *, now: datetime) -> Waits:
    """How long the cases have waited that wait for a reviewer now; without users who asked to be erased."""
    rows = Verification.objects.filter(scope.in_zones(), state__in=DESK_STATES, user__erasure_due_at=None)
    return Waits.of(_spans((since, now) for since in rows.order_by().values_list(WAITS_SINCE, flat=True)))


def decisions(scope: Scope) -> Decisions:
    """The decisions by reviewer and by day. Two queries."""
    made = VerificationEvent.objects.filter(
        scope.within("at", zone="verification__zone_id"), action__in=[APPROVED, REJECTED, PROPOSED]
    )
    rows = list(
        made.annotate(day=TruncDate("at"))
        .order_by()
        .values_list("actor_id", "day", "action")
        .annotate(number=Count("pk"))
    )
    return _tallied(rows, scope.dates)


def _tallied(rows: list[tuple[int | None, date, str, int]], dates: list[date]) -> Decisions:
    people = User.objects.in_bulk({actor for actor, *_rest in rows if actor is not None})
    total = Tally()
    of_reviewer: dict[int, Tally] = {}
    of_day = {day: Tally() for day in dates}
    by: dict[date, Counter[int]] = {day: Counter() for day in dates}
    for actor, day, action, number in rows:
        if actor is None:
            continue
        for tally in (total, of_reviewer.setdefault(actor, Tally()), of_day[day]):
            tally.add(action, number)
        if action != PROPOSED:
            by[day][actor] += number
    names = {pk: str(user) for pk, user in people.items()}
    reviewers = [ReviewerTally(names[actor], tally) for actor, tally in of_reviewer.items()]
    reviewers.sort(key=lambda row: (-row.tally.decided, -row.tally.proposed, row.name))
    days = [
        DayTally(day, of_day[day], tuple((names[actor], n) for actor, n in by[day].most_common()))
        for day in dates
    ]
    return Decisions(total, tuple(reviewers), tuple(days))


def _spans(pairs: Iterable[tuple[Any, Any]]) -> Iterable[timedelta]:
    """Clocks that were set back make no negative waits."""
    return (max(end - start, timedelta()) for start, end in pairs if start is not None and end is not None)

"""The health of background work: heartbeats of the worker, and articles that are overdue without it.

The worker and its schedule are in config (worker, scheduler); what the admin and `/readyz` read is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone
from wagtail.models import Revision

from cms.models import ArticlePage, Heartbeat

SCHEDULE = "schedule"
BEAT = timedelta(seconds=5)
STALE = timedelta(seconds=30)
"""Six missed beats: a busy machine is no alarm, a dead worker is one within half a minute."""
OVERDUE = timedelta(minutes=2)
"""An article that should be live for so long is late, not just about to be published."""


def parts() -> tuple[str, ...]:
    """Every part that must have a heartbeat; empty where tasks run at once (as in the test suite)."""
    tasks: dict[str, Any] = settings.TASKS["default"]
    if tasks["BACKEND"].endswith("ImmediateBackend"):
        return ()
    return (SCHEDULE, *tasks["QUEUES"])


@dataclass(frozen=True, slots=True)
class Standstill:
    """Parts without a recent heartbeat.

    `since`: the last heartbeat of the first that stopped; None: there never was one.
    """

    parts: tuple[str, ...]
    since: datetime | None


def standstill(now: datetime | None = None) -> Standstill | None:
    """None while every part has a recent heartbeat. One query."""
    now = now or timezone.now()
    rows = Heartbeat.objects.values("part").annotate(last=Max("at")).values_list("part", "last")
    last: dict[str, datetime] = dict(rows)
    silent = tuple(part for part in parts() if part not in last or last[part] < now - STALE)
    if not silent:
        return None
    known = [last[part] for part in silent if part in last]
    return Standstill(silent, min(known) if known else None)


def beat(*, worker: str, alive: list[str]) -> None:
    """Store the current time as the heartbeat of these parts of the process."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(worker=worker, part=part, at=timezone.now()) for part in alive],
        update_conflicts=True,
        unique_fields=["worker", "part"],
        update_fields=["at"],
    )


def forget_worker(*, worker: str) -> None:
    """Delete the heartbeats of a process that stops in order: its parts count as stopped at once."""
    Heartbeat.objects.filter(worker=worker).delete()


def living_workers(now: datetime | None = None) -> set[str]:
    """Names of the processes with a recent heartbeat."""
    recent = Heartbeat.objects.filter(at__gte=(now or timezone.now()) - STALE)
    return set(recent.values_list("worker", flat=True))


def forget_old_heartbeats() -> int:
    """Delete the rows of processes whose last heartbeat is a day old or more. Returns their number."""
    return Heartbeat.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def overdue_articles(now: datetime | None = None) -> QuerySet[ArticlePage]:
    """Articles with an overdue revision: its time to go live has passed and it was not published."""
    late = _overdue(now).values_list("object_id", flat=True)
    return ArticlePage.objects.filter(pk__in=[int(pk) for pk in late])


def overdue_revision(page: ArticlePage) -> Revision | None:
    """The revision of this article that was to go live first and is overdue."""
    return _overdue(None).filter(object_id=str(page.pk)).order_by("approved_go_live_at").first()


def _overdue(now: datetime | None) -> QuerySet[Revision]:
    return Revision.page_revisions.filter(approved_go_live_at__lt=(now or timezone.now()) - OVERDUE)

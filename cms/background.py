"""Whether background work goes on: the signs of life that the worker writes, and what is late without it.

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
    """Everything that has to show signs of life; nothing where tasks run at once (the suite's profile)."""
    tasks: dict[str, Any] = settings.TASKS["default"]
    if tasks["BACKEND"].endswith("ImmediateBackend"):
        return ()
    return (SCHEDULE, *tasks["QUEUES"])


@dataclass(frozen=True, slots=True)
class Standstill:
    """Parts without a recent sign of life. `since`: the last sign of the first to stop; None: never any."""

    parts: tuple[str, ...]
    since: datetime | None


def standstill(now: datetime | None = None) -> Standstill | None:
    """None while everything goes on. One query."""
    now = now or timezone.now()
    rows = Heartbeat.objects.values("part").annotate(last=Max("at")).values_list("part", "last")
    last: dict[str, datetime] = dict(rows)
    silent = tuple(part for part in parts() if part not in last or last[part] < now - STALE)
    if not silent:
        return None
    known = [last[part] for part in silent if part in last]
    return Standstill(silent, min(known) if known else None)


def beat(*, worker: str, alive: list[str]) -> None:
    """Write that these parts of the process are alive."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(worker=worker, part=part, at=timezone.now()) for part in alive],
        update_conflicts=True,
        unique_fields=["worker", "part"],
        update_fields=["at"],
    )


def forget_worker(*, worker: str) -> None:
    """A process that stops in order needs no grace: its parts are silent from now on."""
    Heartbeat.objects.filter(worker=worker).delete()


def living_workers(now: datetime | None = None) -> set[str]:
    """Names of the processes with a recent sign of life."""
    recent = Heartbeat.objects.filter(at__gte=(now or timezone.now()) - STALE)
    return set(recent.values_list("worker", flat=True))


def forget_old_heartbeats() -> int:
    """Rows of processes that died a day ago or more. Returns how many."""
    return Heartbeat.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def overdue_articles(now: datetime | None = None) -> QuerySet[ArticlePage]:
    """Articles with a revision that should have gone live: its time passed and nothing published it."""
    late = _overdue(now).values_list("object_id", flat=True)
    return ArticlePage.objects.filter(pk__in=[int(pk) for pk in late])


def overdue_revision(page: ArticlePage) -> Revision | None:
    """The revision of this article that should have gone live first."""
    return _overdue(None).filter(object_id=str(page.pk)).order_by("approved_go_live_at").first()


def _overdue(now: datetime | None) -> QuerySet[Revision]:
    return Revision.page_revisions.filter(approved_go_live_at__lt=(now or timezone.now()) - OVERDUE)

"""The schedule: which job is due when. One row for each job: of several schedulers one starts it.

A job is a task; starting it is one transaction that advances the job's `due_at` and queues the task. The
outboxes are checked here too: a change queues its task right after its commit, and what a crash in between
or a failure has left is found within OUTBOX.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from api.webhooks.delivery import due_deliveries
from api.webhooks.outbox import send_webhooks
from cms.models import ScheduledJob
from config import jobs
from gate.notify import deliver_mails, due_mails, due_notices, send_notices
from search.models import OutboxEntry
from search.tasks import sync_index

OUTBOX = timedelta(seconds=10)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Job:
    """`wanted`: whether there is any work; checked first, so that an idle installation writes nothing."""

    name: str
    every: timedelta
    task: Any
    wanted: Callable[[], bool] = lambda: True


JOBS: tuple[Job, ...] = (
    Job("mails", OUTBOX, deliver_mails, lambda: due_mails().exists()),
    Job("notices", OUTBOX, send_notices, lambda: due_notices().exists()),
    Job("search", OUTBOX, sync_index, OutboxEntry.objects.exists),
    Job("webhooks", OUTBOX, send_webhooks, lambda: due_deliveries().exists()),
    Job("publish", OUTBOX, jobs.publish_scheduled, jobs.has_scheduled),
    Job("gate_daily", DAY, jobs.gate_daily),
    Job("tidy_up", DAY, jobs.tidy_up),
)


def start_due(now: datetime | None = None) -> list[str]:
    """Queue the tasks of all jobs that are due and wanted. Returns the jobs' names."""
    now = now or timezone.now()
    due_at = dict(ScheduledJob.objects.values_list("name", "due_at"))
    missing = [ScheduledJob(name=job.name, due_at=now) for job in JOBS if job.name not in due_at]
    ScheduledJob.objects.bulk_create(missing, ignore_conflicts=True)
    due_at |= {row.name: row.due_at for row in missing}
    return [job.name for job in JOBS if due_at[job.name] <= now and job.wanted() and _start(job, due_at, now)]


def _start(job: Job, due_at: dict[str, datetime], now: datetime) -> bool:
    """False when another scheduler has started it, or when its last run still waits or runs."""
    with transaction.atomic():
        mine = ScheduledJob.objects.filter(name=job.name, due_at=due_at[job.name])
        if not mine.update(due_at=now + job.every, last_run_at=now):
            return False
        unfinished = DBTaskResult.objects.filter(
            task_path=job.task.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
        )
        if unfinished.exists():
            return False
        job.task.enqueue()
    return True

"""The worker: a thread for each queue of settings.TASKS, run by django-tasks-db's own loop.

A task is at-least-once work: it reads an outbox or a row by its number, so running it twice is harmless.
Tasks that a killed worker had begun are queued again (`rescue`), recognised by the missing heartbeat.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from cms import background

log = structlog.get_logger(__name__)

POLL = 0.5  # seconds; users wait for codes and reset links
PAUSE = 2.0  # seconds after the queue itself could not be read
LONGEST_TASK = timedelta(minutes=30).total_seconds()
"""A task that runs longer counts as hung: every call in it has a deadline of its own."""
GRACE = 12.0  # seconds for running tasks when the process is to stop; longer than one call to another host


class QueueThread(threading.Thread):
    """Runs the tasks of one queue until stopped. Survives a database that is unavailable for a while."""

    def __init__(self, queue: str, process: str) -> None:
        super().__init__(name=queue, daemon=True)
        self.queue = queue
        self.loop = _Loop(queue, process)

    def run(self) -> None:
        while self.loop.running:
            try:
                self.loop.run()
            except Exception:  # no error ends the queue
                log.exception("queue_failed", queue=self.queue)
                connection.close()
                time.sleep(PAUSE)
        connection.close()

    def stop(self) -> None:
        """Stop after the task that runs now."""
        self.loop.running = False

    @property
    def is_well(self) -> bool:
        """The thread is running, and not hung in one task."""
        since = self.loop.busy_since
        return self.is_alive() and (since is None or time.monotonic() - since < LONGEST_TASK)


class _Loop(Worker):
    """django-tasks-db's worker without its process: no signals, one queue."""

    def __init__(self, queue: str, process: str, *, batch: bool = False) -> None:
        super().__init__(
            queue_names=[queue],
            interval=POLL,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{process}:{queue}",
            excluded_queue_names=[],
        )
        self.busy_since: float | None = None

    def run_task(self, db_task_result: DBTaskResult) -> None:
        self.busy_since = time.monotonic()
        try:
            super().run_task(db_task_result)
        finally:
            self.busy_since = None


class WorkerProcess:
    """The threads of this process, under a name that heartbeats and tasks carry."""

    def __init__(self) -> None:
        self.name = get_random_string(20)
        self.threads = [QueueThread(queue, self.name) for queue in settings.TASKS["default"]["QUEUES"]]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def beat(self) -> None:
        """Record a heartbeat for the schedule, whose thread this is, and for each queue that is not hung."""
        alive = [thread.queue for thread in self.threads if thread.is_well]
        background.beat(worker=self.name, alive=[background.SCHEDULE, *alive])

    def stop(self) -> None:
        """Let running tasks end; those that exceed GRACE seconds are queued again by the next worker."""
        for thread in self.threads:
            thread.stop()
        deadline = time.monotonic() + GRACE
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        background.forget_worker(worker=self.name)
        rescue()


def rescue() -> int:
    """Queue again the tasks that a worker without a heartbeat had begun. Returns their number."""
    living = background.living_workers()
    with transaction.atomic():
        running = DBTaskResult.objects.running().select_for_update(skip_locked=True)
        lost = [row.pk for row in running if not _is_of(row, living)]
        return DBTaskResult.objects.filter(pk__in=lost, status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.READY, started_at=None
        )


def _is_of(row: DBTaskResult, living: set[str]) -> bool:
    if not row.worker_ids:
        return False
    return str(row.worker_ids[-1]).partition(":")[0] in living


def drain() -> None:
    """Run everything that waits in the queues now, in this thread."""
    for queue in settings.TASKS["default"]["QUEUES"]:
        _Loop(queue, f"drain{int(timezone.now().timestamp())}", batch=True).run()

"""Background tasks of search. Each only calls `search.sync`."""

from __future__ import annotations

from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult


@task(queue_name="search")
def sync_index() -> None:
    """Indexes whatever waits in the outbox. Safe to run at any time, twice, or by several workers at once."""
    from search.sync import sync

    sync()


@task(queue_name="search")
def rebuild_index() -> bool:
    """Rebuild an index that cannot be used.

    A usable one is left alone: several searches may have enqueued this.
    """
    from search.sync import make_usable

    return make_usable()


def ask_for_rebuild() -> None:
    """Enqueue a rebuild after a search found no usable index: one task, however many searches did."""
    waiting = DBTaskResult.objects.filter(task_path=rebuild_index.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        rebuild_index.enqueue()

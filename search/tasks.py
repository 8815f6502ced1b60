"""Background work. The task says when; `search.sync` says what."""

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
    """Builds an index that cannot be used. One that can is left alone: many searches may have asked."""
    from search.sync import make_usable

    return make_usable()


def ask_for_rebuild() -> None:
    """For searches that found no usable index: one task waits, however many ask."""
    waiting = DBTaskResult.objects.filter(task_path=rebuild_index.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        rebuild_index.enqueue()

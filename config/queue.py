"""The task queue: rows of the database (django-tasks-db), except for tasks that belong to a change."""

from __future__ import annotations

from typing import Any

from django_tasks.backends.immediate import ImmediateBackend
from django_tasks_db import DatabaseBackend


class TaskQueue(DatabaseBackend):
    """Tasks named in OPTIONS["AT_ONCE"] run where they are enqueued, inside its transaction; all others
    wait.

    They write to our own database and nothing else, and the next change builds on what they wrote: an author
    who is renamed right after an article was saved is found only if the reference index is up to date.
    """

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self.at_once = frozenset(self.options.get("AT_ONCE", ()))
        self._here = ImmediateBackend(alias, params)

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """The result of the queued task, or of the finished one."""
        if task.module_path in self.at_once:
            return self._here.enqueue(task, args, kwargs)
        return super().enqueue(task, args, kwargs)

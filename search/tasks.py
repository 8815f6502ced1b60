"""Background work. The task says when; `search.sync` says what."""

from __future__ import annotations

from django_tasks import task


@task(queue_name="search")
def sync_index() -> None:
    """Indexes whatever waits in the outbox. Safe to run at any time, twice, or by several workers at once."""
    from search.sync import sync

    sync()

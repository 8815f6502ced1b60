"""Updates the engine from the outbox.

Level-triggered: an entry only names an article; what is indexed or removed depends on the ledger at the time
of the sync. A stale, doubled or reordered entry is harmless.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db.models import F

from cms.models import PublicationHead
from search.engines.base import Applied, Engine, get_engine
from search.errors import IndexBusy, IndexUnusable, SearchUnavailable
from search.index import REBUILD_WAIT, documents, rebuild, rebuild_locked
from search.locks import index_lock
from search.models import OutboxEntry

log = structlog.get_logger(__name__)

BATCH = 200  # outbox entries at once: at most that many documents in memory
WAIT = 5.0  # seconds; a process that holds the lock longer runs a sync of its own afterwards


@dataclass(frozen=True, slots=True)
class SyncReport:
    """`waiting`: entries left in the outbox, because they failed or the index was busy."""

    written: int = 0
    removed: int = 0
    waiting: int = 0


def apply_current(engine: Engine, article_ids: Collection[UUID]) -> Applied:
    """Bring these articles to their current state in the ledger.

    The caller holds the index lock, so that no other process writes an older state after this one was read.
    """
    heads = PublicationHead.objects.filter(pk__in=article_ids, live=True).select_related("publication")
    failed: dict[str, str] = {}
    write = list(documents(heads, failed))
    remove = {str(article_id) for article_id in article_ids} - {document.id for document in write}
    applied = engine.apply(write, sorted(remove))
    return Applied(applied.written, applied.removed, {**failed, **applied.failed})


def _drain(engine: Engine) -> tuple[int, int]:
    written = removed = 0
    given_up: set[int] = set()
    while entries := list(OutboxEntry.objects.exclude(pk__in=given_up).order_by("pk")[:BATCH]):
        applied = apply_current(engine, {entry.article_id for entry in entries})
        written, removed = written + applied.written, removed + applied.removed
        done = [entry.pk for entry in entries if str(entry.article_id) not in applied.failed]
        OutboxEntry.objects.filter(pk__in=done).delete()
        for entry in entries:
            if reason := applied.failed.get(str(entry.article_id)):
                given_up.add(entry.pk)
                _remember(OutboxEntry.objects.filter(pk=entry.pk), reason)
                log.error("search_sync_failed", article_id=str(entry.article_id), error=reason)
    return written, removed


def _remember(entries: object, reason: str) -> None:
    entries.update(attempts=F("attempts") + 1, last_error=reason[:2000])  # type: ignore[attr-defined]


def sync(engine: Engine | None = None) -> SyncReport:
    """Indexes everything in the outbox; builds the index if there is none. Entries leave the outbox only
    after the engine took them. Raises SearchUnavailable when the engine does not answer."""
    engine = engine or get_engine()
    written = removed = 0
    try:
        with index_lock(WAIT):
            try:
                written, removed = _drain(engine)
            except IndexUnusable as error:
                log.error("search_index_unusable", error=str(error))
                written += rebuild_locked(engine).written
                more = _drain(engine)
                written, removed = written + more[0], removed + more[1]
    except IndexBusy:
        log.info("search_sync_postponed")
    except SearchUnavailable as error:
        _remember(OutboxEntry.objects.all(), str(error))
        raise
    return SyncReport(written, removed, OutboxEntry.objects.count())


def rebuild_and_sync(engine: Engine | None = None, *, wait: float = REBUILD_WAIT) -> Applied:
    """Rebuild, then index the entries that arrived while the lock was held."""
    applied = rebuild(engine, wait=wait)
    sync(engine)
    return applied


def make_usable(engine: Engine | None = None) -> bool:
    """Rebuild the index if it cannot be read. False when it can, or while another process rebuilds it."""
    engine = engine or get_engine()
    try:
        next(engine.inventory(), None)
    except IndexUnusable:
        pass
    else:
        return False
    try:
        rebuild_and_sync(engine, wait=0)
    except IndexBusy:
        return False
    return True

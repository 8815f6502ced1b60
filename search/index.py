"""Rebuilds the whole index from the ledger under a fresh name, then puts it into use in one step."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator

import structlog
from django.conf import settings

from cms.models import PublicationHead
from search.documents import SearchDocument, document_of
from search.engines.base import Applied, Engine, get_engine
from search.locks import index_lock
from search.models import OutboxEntry

log = structlog.get_logger(__name__)

REBUILD_WAIT = 60.0  # seconds for updates under way to finish


def fresh_name() -> str:
    return f"{settings.XINGLIN_SEARCH['INDEX']}-{secrets.token_hex(5)}"


def documents(heads: Iterable[PublicationHead], failed: dict[str, str]) -> Iterator[SearchDocument]:
    """A document for each head; one whose ledger JSON cannot be read goes into `failed` and is left out."""
    for head in heads:
        try:
            yield document_of(head)
        except (json.JSONDecodeError, AttributeError, TypeError) as error:
            log.error("search_document_failed", article_id=str(head.article_id), error=str(error))
            failed[str(head.article_id)] = str(error)


def _live_heads() -> Iterator[PublicationHead]:
    live = PublicationHead.objects.filter(live=True).select_related("publication").order_by("pk")
    return live.iterator(chunk_size=100)


def rebuild_locked(engine: Engine) -> Applied:
    """`rebuild` for callers that hold the index lock.

    On any error the index in use stays as it was and the new one is dropped. Entries that were in the outbox
    before are covered; later entries stay there for a sync.
    """
    covered = list(OutboxEntry.objects.values_list("pk", flat=True))
    name = fresh_name()
    failed: dict[str, str] = {}
    try:
        engine.create(name)
        loaded = engine.load(name, documents(_live_heads(), failed))
        engine.swap(name)
    except BaseException:
        engine.discard(name)
        raise
    failed.update(loaded.failed)
    OutboxEntry.objects.filter(pk__in=covered).exclude(article_id__in=list(failed)).delete()
    log.info("search_index_rebuilt", index=name, written=loaded.written, failed=len(failed))
    return Applied(loaded.written, 0, failed)


def rebuild(engine: Engine | None = None, *, wait: float = REBUILD_WAIT) -> Applied:
    """Raises IndexBusy when the lock is not free within `wait` seconds, else what the engine raises."""
    with index_lock(wait):
        return rebuild_locked(engine or get_engine())

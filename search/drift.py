"""Compares the index with the ledger, and repairs differences the way sync does."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cms.models import PublicationHead
from search.engines.base import Applied, Engine, get_engine
from search.locks import index_lock
from search.sync import apply_current


@dataclass(frozen=True, slots=True)
class Drift:
    """Article ids: `missing` from the index, `stale` there (another ledger row), `extra` (not live)."""

    missing: frozenset[str]
    stale: frozenset[str]
    extra: frozenset[str]
    compared: int

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.extra)


def compare(engine: Engine | None = None) -> Drift:
    """Articles on their way through the outbox count as drift until they are indexed."""
    indexed = dict((engine or get_engine()).inventory())
    live = {
        str(article_id): sequence
        for article_id, sequence in PublicationHead.objects.filter(live=True).values_list("pk", "sequence")
    }
    return Drift(
        missing=frozenset(live.keys() - indexed.keys()),
        stale=frozenset(key for key in live.keys() & indexed.keys() if live[key] != indexed[key]),
        extra=frozenset(indexed.keys() - live.keys()),
        compared=len(live.keys() | indexed.keys()),
    )


def repair(drift: Drift, engine: Engine | None = None, *, batch: int = 200) -> Applied:
    """Index or remove the articles that drifted, by the current ledger. Raises IndexBusy, IndexUnusable."""
    engine = engine or get_engine()
    ids = sorted(drift.missing | drift.stale | drift.extra)
    written = removed = 0
    failed: dict[str, str] = {}
    with index_lock(60.0):
        for start in range(0, len(ids), batch):
            applied = apply_current(engine, [UUID(key) for key in ids[start : start + batch]])
            written, removed = written + applied.written, removed + applied.removed
            failed.update(applied.failed)
    return Applied(written, removed, failed)

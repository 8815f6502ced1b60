"""The interface of a search engine. Two exist; `settings.XINGLIN_SEARCH["ENGINE"]` names one.

Engines hold copies and know neither the ledger nor the readers; each query names what it may touch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from search.documents import SearchDocument
from search.plan import QueryPlan


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """`scope`: access keys whose gated text may match. `withheld`: article ids that must not appear."""

    plan: QueryPlan
    scope: frozenset[str]
    zone_slug: str | None = None
    withheld: frozenset[str] = frozenset()
    offset: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True)
class EngineHit:
    id: str
    sequence: int
    score: float


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """Hits by falling score, then by date and page, newest first; `total` counts all matches exactly.

    Neither the text nor the time of a republication changes that order.
    """

    hits: tuple[EngineHit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Applied:
    """`failed`: article id -> why the engine refused that document. The others are in the index."""

    written: int = 0
    removed: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)


class Engine(Protocol):
    """An engine.

    Raises IndexUnusable when its index is missing or damaged and SearchUnavailable when it does not respond.
    `create`, `load`, `swap`, `discard` are the steps of `search.index.rebuild`.
    """

    def search(self, query: EngineQuery) -> EngineAnswer: ...

    def apply(self, write: Iterable[SearchDocument], remove: Collection[str]) -> Applied:
        """Replaces and removes whole documents; the next search, in any process, sees it."""
        ...

    def inventory(self) -> Iterator[tuple[str, int]]:
        """(article id, ledger sequence) of each document that is in the index."""
        ...

    def create(self, name: str) -> None:
        """An empty index under a fresh name, next to the one in use."""
        ...

    def load(self, name: str, documents: Iterable[SearchDocument]) -> Applied: ...

    def swap(self, name: str) -> None:
        """From the next search on `name` is the index, in one step; what was in use before is deleted."""
        ...

    def discard(self, name: str) -> None:
        """Deletes an index that never came into use. Never raises for one that does not exist."""
        ...

    def drop(self) -> None:
        """Deletes everything this engine holds under its index name."""
        ...


@lru_cache(maxsize=8)
def _engine(path: str, url: str, index: str, folder: Path) -> Engine:
    engine: Engine = import_string(path)(url=url, index=index, path=folder)
    return engine


def get_engine(configuration: Mapping[str, Any] | None = None) -> Engine:
    """The configured engine: one for each process and configuration, safe to share between threads."""
    chosen: Mapping[str, Any] = configuration or settings.XINGLIN_SEARCH
    return _engine(chosen["ENGINE"], chosen["URL"], chosen["INDEX"], Path(chosen["PATH"]))

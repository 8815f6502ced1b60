"""The engine for more than one machine: Elasticsearch 8 or 9, through `elasticsearch.dsl`.

`settings.XINGLIN_SEARCH["INDEX"]` is an alias; the index behind it has a name of its own for each rebuild.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import Search
from elasticsearch.helpers import scan, streaming_bulk

from cms.breaker import Breaker
from search.documents import SearchDocument
from search.engines.base import Applied, EngineAnswer, EngineHit, EngineQuery
from search.engines.elasticsearch_query import build
from search.errors import IndexUnusable, SearchUnavailable
from search.mapping import index_body, source_of

SEARCH_TIMEOUT = 1.5  # seconds; a reader waits for it, once and not for a second try
WRITE_TIMEOUT = 30.0  # seconds; only the worker waits for it
PAUSE = 10.0  # seconds without a search after one that timed out
_CHUNK = 200  # documents in one bulk request, about 10 MB of long papers


@lru_cache(maxsize=4)
def client_for(url: str) -> Elasticsearch:
    """One pool of connections for each process and cluster. Writes may be retried."""
    return Elasticsearch(url, request_timeout=WRITE_TIMEOUT, retry_on_timeout=True, max_retries=2)


@lru_cache(maxsize=4)
def breaker_for(url: str) -> Breaker:
    """One for each process and cluster: searches do not each wait for a cluster that hangs."""
    return Breaker("elasticsearch", pause=PAUSE)


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except NotFoundError as error:
        raise IndexUnusable(str(error)) from error
    except (ApiError, TransportError) as error:
        raise SearchUnavailable(str(error)) from error


class ElasticsearchEngine:
    def __init__(self, *, url: str, index: str, path: Path) -> None:
        """`path` is the embedded engine's and not used here."""
        self.index = index
        self.client = client_for(url)
        # Both have a short deadline and no retry.
        self.reader = self.client.options(request_timeout=SEARCH_TIMEOUT, max_retries=0)
        self.breaker = breaker_for(url)

    # --- reading ---------------------------------------------------------------------------------

    def search(self, query: EngineQuery) -> EngineAnswer:
        """One request.

        The preference sends the pages of one search to the same copy of the index, as copies differ in what
        they have not merged yet.
        """
        preference = hashlib.sha256(query.plan.core_text.encode()).hexdigest()[:12]
        asked = (
            Search(using=self.reader, index=self.index)
            .query(build(query))
            .extra(track_total_hits=True, track_scores=True)
            .params(preference=preference)
            .source(["id", "sequence"])
            .sort("_score", "-date", "-page_id")[query.offset : query.offset + query.limit]
        )
        answer = self._asked(asked)
        hits = tuple(EngineHit(hit.id, int(hit.sequence), float(hit.meta.score)) for hit in answer)
        total = answer.hits.total.value
        return EngineAnswer(hits, int(total))

    def _asked(self, search: Any) -> Any:
        """The cluster's response; SearchUnavailable at once where a recent request failed."""
        if not self.breaker.allows():
            raise SearchUnavailable("elasticsearch did not answer a moment ago")
        with _failures_named():
            try:
                response = search.execute()
            except TransportError as error:
                self.breaker.failed(error)
                raise
            except ApiError:
                self.breaker.succeeded()  # the cluster responds
                raise
        self.breaker.succeeded()
        return response

    def inventory(self) -> Iterator[tuple[str, int]]:
        with _failures_named():
            for row in scan(self.client, index=self.index, _source=["id", "sequence"], size=1000):
                yield row["_source"]["id"], int(row["_source"]["sequence"])

    # --- writing ---------------------------------------------------------------------------------

    def _bulk(self, actions: Iterable[dict[str, Any]], *, require_alias: bool, refresh: bool) -> Applied:
        written = removed = 0
        failed: dict[str, str] = {}
        with _failures_named():
            for done, result in streaming_bulk(
                self.client,
                actions,
                chunk_size=_CHUNK,
                raise_on_error=False,
                refresh=refresh,
                require_alias=require_alias,
            ):
                ((operation, outcome),) = result.items()
                if operation == "delete":
                    removed += 1  # removing a document that is not there succeeds
                elif done:
                    written += 1
                else:
                    failed[outcome["_id"]] = str(outcome.get("error", outcome.get("status")))
        if any("index_not_found" in reason for reason in failed.values()):
            raise IndexUnusable(self.index)
        return Applied(written, removed, failed)

    def apply(self, write: Iterable[SearchDocument], remove: Collection[str]) -> Applied:
        def actions() -> Iterator[dict[str, Any]]:
            for article_id in remove:
                yield {"_op_type": "delete", "_index": self.index, "_id": article_id}
            for document in write:
                yield {"_index": self.index, "_id": document.id, "_source": source_of(document)}

        return self._bulk(actions(), require_alias=True, refresh=True)

    def create(self, name: str) -> None:
        with _failures_named():
            self.client.indices.create(index=name, **index_body())

    def load(self, name: str, documents: Iterable[SearchDocument]) -> Applied:
        actions = (
            {"_index": name, "_id": document.id, "_source": source_of(document)} for document in documents
        )
        applied = self._bulk(actions, require_alias=False, refresh=False)
        with _failures_named():
            self.client.indices.refresh(index=name)
        return applied

    def _behind_alias(self) -> list[str]:
        try:
            return sorted(self.client.indices.get_alias(name=self.index))
        except NotFoundError:
            return []

    def swap(self, name: str) -> None:
        """One `update_aliases`: it adds the new index and removes the old ones, or does nothing."""
        with _failures_named():
            old = self._behind_alias()
            actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": self.index}}]
            actions += [{"remove_index": {"index": index}} for index in old if index != name]
            self.client.indices.update_aliases(actions=actions)

    def discard(self, name: str) -> None:
        with _failures_named():
            self.client.indices.delete(index=name, ignore_unavailable=True)

    def drop(self) -> None:
        with _failures_named():
            mine = {*self._behind_alias(), *self.client.indices.get(index=f"{self.index}-*")}
            for index in sorted(mine):
                self.client.indices.delete(index=index, ignore_unavailable=True)

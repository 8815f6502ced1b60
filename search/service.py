"""`find`, the only entry to search. Queries the engine, then checks each hit against the ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from uuid import UUID

import structlog

from cms.models import PublicationHead
from search.analysis import codes, fold, unigrams
from search.article_text import body_passages, front_passages
from search.documents import access_key
from search.engines.base import Engine, EngineAnswer, EngineQuery, get_engine
from search.errors import IndexUnusable, SearchUnavailable
from search.excerpts import Marker, make_excerpt, mark
from search.models import SynonymGroup
from search.outbox import withheld_articles
from search.plan import Clause, Code, QueryPlan, plan_query
from search.requests import SearchHit, SearchPage, SearchRequest
from search.tasks import ask_for_rebuild

log = structlog.get_logger(__name__)


def _ask(engine: Engine, query: EngineQuery) -> EngineAnswer:
    """The engine's result. A missing or damaged index is rebuilt by the worker; no search waits for that."""
    try:
        return engine.search(query)
    except IndexUnusable as error:
        log.error("search_index_unusable", error=str(error))
    ask_for_rebuild()
    try:
        return engine.search(query)  # rebuilt already where tasks run at once
    except IndexUnusable as error:
        raise SearchUnavailable(str(error)) from error


def _checked(
    request: SearchRequest, plan: QueryPlan, marker: Marker, head: PublicationHead
) -> SearchHit | None:
    """The hit as the ledger allows it now.

    None: withdrawn, moved to another zone, or found by words that this reader may not read. The index
    decides none of this.
    """
    if request.zone is not None and head.zone_slug != request.zone:
        return None
    readable = access_key(head.zone_id, head.audience) in request.scope
    publication = head.publication
    document = json.loads(publication.full_document if readable else publication.public_document)
    title, *front = front_passages(document)
    body = body_passages(document)
    if not readable and not satisfies(plan, MatchableText([title, *front, *body])):
        return None
    return SearchHit(
        article_id=head.article_id,
        sequence=head.sequence,
        readable=readable,
        head=head,
        title=mark(marker, head.title),
        excerpt=make_excerpt(marker, [*front, *body]),
    )


def find(request: SearchRequest) -> SearchPage:
    """The page of checked hits and the number of all matches. Costs a constant number of database queries.

    Raises EmptyQuery (InvalidSearch) when no word is left of the query, and SearchUnavailable.
    """
    plan = plan_query(request.query, reviewed_groups())
    query = EngineQuery(
        plan, request.scope, request.zone, withheld_articles(), offset=request.offset, limit=request.size
    )
    answer = _ask(get_engine(), query)
    heads = PublicationHead.objects.filter(live=True).select_related("publication")
    current = heads.in_bulk([UUID(hit.id) for hit in answer.hits])
    marker = Marker(plan)
    hits = []
    for hit in answer.hits:
        head = current.get(UUID(hit.id))
        if head and (checked := _checked(request, plan, marker, head)):
            hits.append(checked)
    dropped = len(answer.hits) - len(hits)
    if dropped:
        log.warning("search_hits_dropped", count=dropped)
    return SearchPage(tuple(hits), max(0, answer.total - dropped), request.page, request.size)


def reviewed_groups() -> tuple[tuple[str, ...], ...]:
    """Folded terms of each reviewed group, in a steady order. One query."""
    return tuple(group.folded for group in SynonymGroup.objects.filter(reviewed=True).order_by("pk"))


class MatchableText:
    """A text prepared for `satisfies`. Its passages are kept apart: no phrase runs from one into the next."""

    def __init__(self, passages: Iterable[str]) -> None:
        folded = [fold(passage) for passage in passages]
        self.words = "\n".join(f" {' '.join(unigrams(passage))} " for passage in folded)
        self.codes = frozenset(code for passage in folded for code in codes(passage))

    def holds(self, clause: Clause) -> bool:
        if isinstance(clause, Code):
            return clause.text in self.codes
        between = f" (?:\\S+ ){{0,{clause.gap}}}"
        return re.search(f" {between.join(map(re.escape, clause.words))} ", self.words) is not None


def satisfies(plan: QueryPlan, text: MatchableText) -> bool:
    """The same rule as the engines': enough units, each by any of its clauses."""
    met = sum(any(text.holds(clause) for clause in unit.clauses) for unit in plan.units)
    return met >= plan.required

"""Builds the Elasticsearch query of a QueryPlan. Change it together with `embedded_query`: same shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query

from search.engines.base import EngineQuery
from search.mapping import gated_field
from search.plan import (
    BIGRAM_WEIGHT,
    CODE_WEIGHT,
    SYNONYM_WEIGHT,
    TITLE_WEIGHT,
    UNIGRAM_WEIGHT,
    WHOLE_QUERY_WEIGHT,
    Clause,
    Code,
    QueryPlan,
)


@dataclass(frozen=True, slots=True)
class Readable:
    """The fields that this reader may touch. One `multi_match` names them all: with a clause for each field,
    a reader of twenty zones would send a query of 100 kB."""

    texts: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def unigrams(self) -> list[str]:
        return [f"{text}.uni" for text in self.texts]

    def weighted(self) -> list[str]:
        """Each text's two sub-fields with their weights."""
        return [
            f"{text}.{field}^{weight}"
            for text in self.texts
            for field, weight in (("uni", UNIGRAM_WEIGHT), ("bi", BIGRAM_WEIGHT))
        ]


def readable_fields(scope: frozenset[str]) -> Readable:
    """Public articles have no gated text, so their keys are left out."""
    keys = sorted(gated_field(key) for key in scope if not key.endswith(":public"))
    return Readable(
        ("public_text", *(f"{key}.text" for key in keys)), ("public_codes", *(f"{key}.codes" for key in keys))
    )


def any_of(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Q("bool", should=list(queries), minimum_should_match=1)


def found_in_any(clause: Clause, readable: Readable) -> Query:
    if isinstance(clause, Code):
        return Q("multi_match", query=clause.text, fields=list(readable.codes))
    words = " ".join(clause.words)
    return Q("multi_match", query=words, fields=readable.unigrams, type="phrase", slop=clause.gap)


def matches(plan: QueryPlan, readable: Readable) -> Query:
    """`required` of the units, each found in any of the fields. Filters only."""
    units = [any_of([found_in_any(clause, readable) for clause in unit.clauses]) for unit in plan.units]
    return Q("bool", should=units, minimum_should_match=plan.required)


def words(text: str, fields: list[str], weight: float) -> Query:
    """The sum over the fields (`most_fields`)."""
    return Q("multi_match", query=text, fields=fields, type="most_fields", boost=weight)


def code_score(code: Code, readable: Readable, weight: float) -> Query:
    return Q("constant_score", filter=found_in_any(code, readable), boost=weight)


def synonym(clause: Clause, readable: Readable) -> Query:
    if isinstance(clause, Code):
        return code_score(clause, readable, CODE_WEIGHT * SYNONYM_WEIGHT)
    phrase = {"query": " ".join(clause.words), "fields": readable.unigrams, "type": "phrase"}
    return Q("multi_match", **phrase, tie_breaker=1.0, boost=SYNONYM_WEIGHT)


def scores(plan: QueryPlan, readable: Readable) -> list[Query]:
    title = Readable(("title",), ())
    scored = [words(plan.core_text, title.weighted(), TITLE_WEIGHT)]
    scored.append(words(plan.core_text, readable.weighted(), 1.0))
    if plan.whole:
        scored.append(words(plan.whole_text, readable.weighted(), WHOLE_QUERY_WEIGHT))
    scored += [code_score(Code(code), readable, CODE_WEIGHT) for code in plan.core.codes]
    scored += [synonym(clause, readable) for clause in plan.synonyms]
    return scored


def build(query: EngineQuery) -> Query:
    """Only fields of the scope's keys are named."""
    readable = readable_fields(query.scope)
    filters = [matches(query.plan, readable)]
    if query.zone_slug is not None:
        filters.append(Q("term", zone_slug=query.zone_slug))
    withheld = [Q("terms", id=sorted(query.withheld))] if query.withheld else []
    return Q("bool", filter=filters, must_not=withheld, should=scores(query.plan, readable))

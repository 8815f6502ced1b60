"""QueryPlan -> Elasticsearch query. The same shape as `embedded_query`; a change to one is one to both."""

from __future__ import annotations

from collections.abc import Sequence

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

Fields = tuple[str, str]
"""A text field and the field of its codes."""
PUBLIC: Fields = ("public_text", "public_codes")


def any_of(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Q("bool", should=list(queries), minimum_should_match=1)


def clause_query(clause: Clause, fields: Fields) -> Query:
    text, codes = fields
    if isinstance(clause, Code):
        return Q("term", **{codes: clause.text})
    return Q("match_phrase", **{f"{text}.uni": " ".join(clause.words)})


def matches(plan: QueryPlan, readable: Sequence[Fields]) -> Query:
    """`required` of the units, each found in any of the fields. Filters only."""
    units = [
        any_of([clause_query(clause, fields) for clause in unit.clauses for fields in readable])
        for unit in plan.units
    ]
    return Q("bool", should=units, minimum_should_match=plan.required)


def words(text: str, field: str, weight: float) -> list[Query]:
    return [
        Q("match", **{f"{field}.uni": {"query": text, "boost": weight * UNIGRAM_WEIGHT}}),
        Q("match", **{f"{field}.bi": {"query": text, "boost": weight * BIGRAM_WEIGHT}}),
    ]


def synonym(clause: Clause, fields: Fields) -> Query:
    if isinstance(clause, Code):
        return Q("constant_score", filter=clause_query(clause, fields), boost=CODE_WEIGHT * SYNONYM_WEIGHT)
    phrase = {"query": " ".join(clause.words), "boost": SYNONYM_WEIGHT}
    return Q("match_phrase", **{f"{fields[0]}.uni": phrase})


def scores(plan: QueryPlan, readable: Sequence[Fields]) -> list[Query]:
    scored = words(plan.core_text, "title", TITLE_WEIGHT)
    for fields in readable:
        scored += words(plan.core_text, fields[0], 1.0)
        if plan.whole:
            scored += words(plan.whole_text, fields[0], WHOLE_QUERY_WEIGHT)
        scored += [
            Q("constant_score", filter=clause_query(Code(code), fields), boost=CODE_WEIGHT)
            for code in plan.core.codes
        ]
        scored += [synonym(clause, fields) for clause in plan.synonyms]
    return scored


def build(query: EngineQuery) -> Query:
    """Only fields of the scope's keys are named. Public articles have no gated text, so their keys are
    left out."""
    keys = sorted(key for key in query.scope if not key.endswith(":public"))
    readable = [PUBLIC, *((f"{gated_field(key)}.text", f"{gated_field(key)}.codes") for key in keys)]
    filters = [matches(query.plan, readable)]
    if query.zone_slug is not None:
        filters.append(Q("term", zone_slug=query.zone_slug))
    withheld = [Q("terms", id=sorted(query.withheld))] if query.withheld else []
    return Q("bool", filter=filters, must_not=withheld, should=scores(query.plan, readable))

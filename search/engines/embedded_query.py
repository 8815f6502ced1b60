"""Builds the tantivy query of a QueryPlan. Change it together with `elasticsearch_query`: same shape."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from search.analysis import Tokens
from search.engines.base import EngineQuery
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


class QueryBuilder:
    """Builds over one schema. `prefixes`: the text fields that this reader may touch."""

    def __init__(self, schema: tantivy.Schema, prefixes: Sequence[str]) -> None:
        self.schema = schema
        self.prefixes = prefixes

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self.schema, field, value)

    def clause(self, clause: Clause, prefix: str) -> Query:
        if isinstance(clause, Code):
            return self._term(f"{prefix}_codes", clause.text)
        if len(clause.words) == 1:
            return self._term(f"{prefix}_uni", clause.words[0])
        return Query.phrase_query(self.schema, f"{prefix}_uni", list(clause.words), clause.gap)

    def matches(self, plan: QueryPlan) -> Query:
        """`required` of the units, each found in any of the fields. Filters only."""
        units = [
            any_of(self.clause(clause, prefix) for clause in unit.clauses for prefix in self.prefixes)
            for unit in plan.units
        ]
        return Query.boolean_query([(Occur.Should, unit) for unit in units], plan.required)

    def _words(self, tokens: Tokens, prefix: str, weight: float) -> list[Query]:
        fields = ((tokens.unigrams, "uni", UNIGRAM_WEIGHT), (tokens.bigrams, "bi", BIGRAM_WEIGHT))
        return [
            Query.boost_query(self._term(f"{prefix}_{field}", word), weight * field_weight)
            for words, field, field_weight in fields
            for word in words
        ]

    def _code_score(self, code: Code, weight: float) -> Query:
        return Query.const_score_query(any_of(self.clause(code, prefix) for prefix in self.prefixes), weight)

    def _synonym(self, clause: Clause) -> list[Query]:
        if isinstance(clause, Code):
            return [self._code_score(clause, CODE_WEIGHT * SYNONYM_WEIGHT)]
        return [Query.boost_query(self.clause(clause, prefix), SYNONYM_WEIGHT) for prefix in self.prefixes]

    def scores(self, plan: QueryPlan) -> list[Query]:
        scored = self._words(plan.core, "title", TITLE_WEIGHT)
        for prefix in self.prefixes:
            scored += self._words(plan.core, prefix, 1.0)
            if plan.whole:
                scored += self._words(plan.whole, prefix, WHOLE_QUERY_WEIGHT)
        scored += [self._code_score(Code(code), CODE_WEIGHT) for code in plan.core.codes]
        for clause in plan.synonyms:
            scored += self._synonym(clause)
        return scored


def any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _filter(query: Query) -> tuple[Occur, Query]:
    return (Occur.Must, Query.const_score_query(query, 0.0))


def build(schema: tantivy.Schema, query: EngineQuery, gated_prefixes: Collection[str]) -> Query:
    builder = QueryBuilder(schema, ("public", *gated_prefixes))
    parts = [_filter(builder.matches(query.plan))]
    if query.zone_slug is not None:
        parts.append(_filter(Query.term_query(schema, "zone_slug", query.zone_slug)))
    if query.withheld:
        parts.append((Occur.MustNot, Query.term_set_query(schema, "id", sorted(query.withheld))))
    parts += [(Occur.Should, scored) for scored in builder.scores(query.plan)]
    return Query.boolean_query(parts)

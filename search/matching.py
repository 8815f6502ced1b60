"""Checks in Python whether a text satisfies a plan; used to check hits against the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.analysis import codes, fold, unigrams
from search.plan import Clause, Code, QueryPlan


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

"""Builds a query's `QueryPlan`: what must match and what counts, the same for every engine. No I/O.

The weights are those measured in docs/search.md; the judged set in tests/search/judged decides on changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_lowercase

from search.analysis import Tokens, code_spans, fold, is_han, runs, unigrams
from search.asking import FUNCTION_CHARACTERS, without_asking_words
from search.errors import EmptyQuery

UNIGRAM_WEIGHT = 1.0
BIGRAM_WEIGHT = 0.5
WHOLE_QUERY_WEIGHT = 0.3
"""Of the whole query where asking words were dropped: 为什么 may still be in a title."""
TITLE_WEIGHT = 0.5
"""On top of the text, which holds the title too. 2 or 3 lose: long titles then beat the right article."""
CODE_WEIGHT = 6.0
"""A constant for each code found whole; its parts (pd, 1) are scored as words besides."""
SYNONYM_WEIGHT = 0.4
"""A phrase scores the sum of its characters, so even a right synonym must not outweigh the reader's word."""
MAX_UNITS = 64
LONG_QUERY = 12  # units
_PARTING = str.maketrans(dict.fromkeys(FUNCTION_CHARACTERS, " "))
NEAR = 1
"""肺腺癌 is about 肺癌; 肺炎与胃癌 is not."""


@dataclass(frozen=True, slots=True)
class Code:
    """Matches a text whose codes hold `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Matches a text whose unigrams hold `words` side by side, or with up to `gap` others between."""

    words: tuple[str, ...]
    gap: int = 0


Clause = Code | Phrase


@dataclass(frozen=True, slots=True)
class Unit:
    """One part of a query; any of its clauses satisfies it, in any text that the reader may see."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """An article matches when `required` of `units` are satisfied; the rest only ranks. Texts for engines
    with an analysis of their own: `core_text` (no asking words) and `whole_text` (empty if the same)."""

    core_text: str
    core: Tokens
    whole_text: str
    whole: Tokens | None
    synonyms: tuple[Clause, ...]
    units: tuple[Unit, ...]
    required: int


def required_units(count: int) -> int:
    """A third of the pairs and words, and a smaller share of what a long query has beyond.

    A reader who pastes a sentence uses words of their own. Single characters do not count, as a long article
    holds nearly all of them: over 49 papers, half of the characters let 30 pass for a keyword, this rule 12,
    with the same recall. Two fifths (9) lost a twelfth of the judged set.
    """
    return (min(count, LONG_QUERY) + 2) // 3 + max(0, count - LONG_QUERY) // 6


def _word_units(folded: str) -> list[Unit]:
    """Pairs of neighbouring Han characters, other words whole. Function characters part their neighbours."""
    units = []
    parted = folded.translate(_PARTING)
    for run in runs(parted) or runs(folded):
        if len(run) > 1 and is_han(run[0]):
            units += [Unit((Phrase((run[i], run[i + 1]), NEAR),)) for i in range(len(run) - 1)]
        else:
            units.append(Unit((Phrase((run,)),)))
    return units


def units_of(folded: str) -> list[Unit]:
    """The units of a text, in order: codes whole, Han by pairs, everything else by word."""
    units: list[Unit] = []
    done = 0
    for start, end, code in code_spans(folded):
        units += _word_units(folded[done:start])
        units.append(Unit((Code(code), Phrase(unigrams(folded[start:end])))))
        done = end
    return units + _word_units(folded[done:])


_LONERS = frozenset(Phrase((word,)) for word in (*ascii_lowercase, *map(str, range(100))))


def clauses_of(term: str) -> tuple[Clause, ...]:
    """A whole synonym as one clause, or two when it is nothing but a code. Takes folded text."""
    units = units_of(term)
    return units[0].clauses if len(units) == 1 else (Phrase(unigrams(term)),)


def _keys(units: Iterable[Unit]) -> list[Clause]:
    return [unit.clauses[0] for unit in units]


def expand(units: list[Unit], groups: Iterable[tuple[str, ...]]) -> tuple[list[Unit], tuple[Clause, ...]]:
    """Where a group's term stands in the query, its other terms satisfy the same units.

    `groups` hold folded terms. The longest term wins where terms overlap: 非小细胞肺癌 is not also 肺癌.
    Returns the enriched units and the clauses that were added.
    """
    query, found = _keys(units), []
    for group in groups:
        for term in group:
            keys = _keys(units_of(term))
            found += [
                (start, start + len(keys), term, group)
                for start in range(len(query) - len(keys) + 1)
                if keys and query[start : start + len(keys)] == keys
            ]
    taken: set[int] = set()
    added: dict[Clause, None] = {}
    for start, end, term, group in sorted(found, key=lambda match: match[0] - match[1]):
        if taken.intersection(range(start, end)):
            continue
        taken.update(range(start, end))
        others = [clause for other in group if other != term for clause in clauses_of(other)]
        added.update(dict.fromkeys(others))
        for place in range(start, end):
            units[place] = Unit((*units[place].clauses, *others))
    return units, tuple(added)


def _counted(units: list[Unit]) -> list[Unit]:
    """Without lone letters and small numbers, unless there is nothing else: every long article holds them."""
    return [unit for unit in units if unit.clauses[0] not in _LONERS] or units


def plan_query(query: str, groups: Iterable[tuple[str, ...]] = ()) -> QueryPlan:
    """Raises EmptyQuery when nothing in `query` is a word: punctuation, wildcards, spaces."""
    folded = fold(query)
    core_text = without_asking_words(folded)
    core = Tokens.of_folded(core_text)
    if not core:
        raise EmptyQuery
    whole = None if core_text == folded else Tokens.of_folded(folded)
    units, synonyms = expand(units_of(core_text), groups)
    units = list(dict.fromkeys(_counted(units)))[:MAX_UNITS]
    return QueryPlan(
        core_text, core, folded if whole else "", whole, synonyms, tuple(units), required_units(len(units))
    )

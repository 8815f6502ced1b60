"""The passage that shows why an article was found, with the found words marked.

Made in Python from the text that the caller passes: what may be shown is decided there (`search.service`)
and nowhere in an engine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.analysis import code_in, code_spans, fold, fold_with_origins, is_han
from search.plan import Code, Phrase, QueryPlan

LENGTH = 120  # characters: two lines on a phone
_LEAD = 24  # characters before the first mark


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`parts`: (text, is it marked?) in order; joined they are the excerpt."""

    parts: tuple[tuple[str, bool], ...] = ()

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.parts)

    @property
    def html(self) -> SafeString:
        """Escaped, the marks as <mark>."""
        pieces = (f"<mark>{escape(text)}</mark>" if marked else escape(text) for text, marked in self.parts)
        return mark_safe("".join(pieces))  # noqa: S308 - each piece is escaped


class Marker:
    """The parts of a plan that are marked: pairs of characters, words, codes and synonyms.

    Single characters of a longer word are not, nor the parts of a code: they occur in nearly every line.
    """

    def __init__(self, plan: QueryPlan) -> None:
        asked = [clause for unit in plan.units for clause in unit.clauses]
        self.codes = {clause.text for clause in asked if isinstance(clause, Code)}
        phrases = {clause.words for clause in asked if isinstance(clause, Phrase) and not _is_code(clause)}
        self.literals = sorted("".join(words) for words in phrases if is_han("".join(words)))
        spelled = sorted(_pattern(words) for words in phrases if not is_han("".join(words)))
        self.patterns = [re.compile(pattern) for pattern in spelled]

    def _holds_code(self, folded: str) -> bool:
        """A quick first check whether looking for codes can find one."""
        compact = folded.replace("-", "")
        return any(code in compact for code in self.codes)

    def spans(self, folded: str) -> list[tuple[int, int]]:
        found = [match.span() for pattern in self.patterns for match in pattern.finditer(folded)]
        for literal in self.literals:
            found += [(match.start(), match.end()) for match in re.finditer(literal, folded)]
        return found + [(start, end) for start, end, code in code_spans(folded) if code in self.codes]

    def weight(self, folded: str) -> int:
        """The number of different parts of the query that a passage holds."""
        kinds = sum(literal in folded for literal in self.literals)
        kinds += sum(pattern.search(folded) is not None for pattern in self.patterns)
        if self._holds_code(folded):
            kinds += len(self.codes.intersection(code for _, _, code in code_spans(folded)))
        return kinds


def _is_code(phrase: Phrase) -> bool:
    """The words of a code, which stand in a plan next to the code itself."""
    return code_in("-".join(phrase.words)) is not None and not any(map(is_han, "".join(phrase.words)))


def _pattern(words: Sequence[str]) -> str:
    """A Latin word is not marked inside a longer one."""
    joined = r"[\s\-]*".join(map(re.escape, words))
    return rf"(?<![a-z0-9]){joined}(?![a-z0-9])"


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def mark(marker: Marker, text: str) -> Excerpt:
    """The whole text with its marks."""
    folded, origins = fold_with_origins(text)
    spans = [(origins[start], origins[end - 1] + 1) for start, end in marker.spans(folded) if end > start]
    parts, done = [], 0
    for start, end in _merged(spans):
        parts += [(text[done:start], False), (text[start:end], True)]
        done = end
    return Excerpt(tuple(part for part in [*parts, (text[done:], False)] if part[0]))


def _start(excerpt: Excerpt) -> int:
    """Where the window begins that shows most marked characters, shortly before a mark."""
    marks, place = [], 0
    for text, marked in excerpt.parts:
        if marked:
            marks.append((place, place + len(text)))
        place += len(text)

    def shown(start: int) -> int:
        return sum(max(0, min(end, start + LENGTH) - max(begin, start)) for begin, end in marks)

    starts = [max(0, min(begin - _LEAD, place - LENGTH)) for begin, _ in marks]
    return max(starts, key=shown, default=0)


def _window(excerpt: Excerpt) -> Excerpt:
    """At most LENGTH characters, with … where text was left out."""
    start = _start(excerpt)
    parts, place = [], 0
    for text, marked in excerpt.parts:
        cut = text[max(0, start - place) : max(0, start + LENGTH - place)]
        parts.append((cut, marked))
        place += len(text)
    front, back = "…" if start else "", "…" if start + LENGTH < place else ""
    return Excerpt(tuple(part for part in [(front, False), *parts, (back, False)] if part[0]))


def make_excerpt(marker: Marker, passages: Sequence[str]) -> Excerpt:
    """An excerpt of the passage that holds most parts of the query, the first of equals.

    Of the first passage when the words stand elsewhere (in the title, or only as single characters).
    """
    if not passages:
        return Excerpt()
    folded = fold("\n".join(passages)).split("\n")
    weights = [marker.weight(passage) for passage in folded]
    best = weights.index(max(weights))
    return _window(mark(marker, passages[best]))

"""The passage that shows why an article was found, with the found words marked. Made in Python from the text
that the caller passes: what may be shown is decided there (`search.service`) and nowhere in an engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.analysis import code_spans, fold, fold_with_origins
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
    """What of a plan is marked: pairs of characters, words, codes and synonyms. Single characters of a longer
    word are not: they are in nearly every line."""

    def __init__(self, plan: QueryPlan) -> None:
        phrases = [clause.words for clause in plan.synonyms if isinstance(clause, Phrase)]
        patterns = [_pattern((word,)) for word in dict.fromkeys(plan.core.bigrams)]
        patterns += [_pattern(words) for words in phrases]
        self.patterns = [re.compile(pattern) for pattern in patterns]
        self.codes = {
            *plan.core.codes,
            *(clause.text for clause in plan.synonyms if isinstance(clause, Code)),
        }

    def spans(self, folded: str) -> list[tuple[int, int]]:
        found = [match.span() for pattern in self.patterns for match in pattern.finditer(folded)]
        return found + [(start, end) for start, end, code in code_spans(folded) if code in self.codes]

    def weight(self, folded: str) -> int:
        """How many different things of the query a passage holds."""
        kinds = sum(1 for pattern in self.patterns if pattern.search(folded))
        return kinds + len(
            self.codes.intersection(code for _, _, code in code_spans(folded)) if self.codes else ()
        )


def _pattern(words: Sequence[str]) -> str:
    """A Latin word is not marked inside a longer one. Pairs of one query run overlap: hence a lookahead."""
    joined = r"[\s\-]*".join(map(re.escape, words))
    return rf"(?<![a-z0-9]){joined}(?![a-z0-9])" if joined[0].isascii() else joined


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


def _window(excerpt: Excerpt) -> Excerpt:
    """At most LENGTH characters from shortly before the first mark, with … where text was left out."""
    if not excerpt.parts:
        return excerpt
    before = excerpt.parts[0][0] if not excerpt.parts[0][1] else ""
    start = max(0, min(len(before) - _LEAD, len(excerpt.text) - LENGTH))
    parts, place = [], 0
    for text, marked in excerpt.parts:
        cut = text[max(0, start - place) : max(0, start + LENGTH - place)]
        parts.append((cut, marked))
        place += len(text)
    front, back = "…" if start else "", "…" if start + LENGTH < place else ""
    return Excerpt(tuple(part for part in [(front, False), *parts, (back, False)] if part[0]))


def make_excerpt(marker: Marker, passages: Sequence[str]) -> Excerpt:
    """From the passage that holds most of what was asked, the first of equals; from the first one when the
    words stand elsewhere (in the title, or only as single characters)."""
    if not passages:
        return Excerpt()
    folded = fold("\n".join(passages)).split("\n")
    weights = [marker.weight(passage) for passage in folded]
    best = weights.index(max(weights))
    return _window(mark(marker, passages[best]))

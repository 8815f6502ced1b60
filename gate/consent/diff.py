"""Compares two versions of an agreement, passage by passage.

Texts are compared sentence by sentence, without their markup. The result is plain text: the caller escapes
it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from gate.models import AgreementVersion

MOST_PASSAGES = 40
"""A rewritten text is better read as a whole than as a list of everything in it."""
LONGEST_PASSAGE = 600

_BLOCK_END = re.compile(r"</(?:p|li|h3|ol|ul)>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
# A sentence ends after Chinese marks, and after Latin ones before a space ("1.5" is no end).
_SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;])(?=\s)")


@dataclass(frozen=True, slots=True)
class Passage:
    """Plain text that only the new (`added`) or only the old version (`removed`) has."""

    kind: Literal["added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """From version number `old` to `new`: the passages in reading order, `more` of them left out."""

    old: int
    new: int
    passages: tuple[Passage, ...]
    more: int = 0


def compare(old: AgreementVersion, new: AgreementVersion) -> Comparison:
    """The passages of title, text and linked documents that differ."""
    before, after = list(_sentences(old)), list(_sentences(new))
    found: list[Passage] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            found += _passages("removed", before[start:end]) + _passages("added", after[new_start:new_end])
    return Comparison(
        old.number, new.number, tuple(found[:MOST_PASSAGES]), more=max(0, len(found) - MOST_PASSAGES)
    )


def comparison_of(agreement_id: int | None, old_id: int | None, new_id: int | None) -> Comparison | None:
    """The comparison of two published versions of that agreement; None where there is nothing to compare."""
    if agreement_id is None or old_id is None or new_id is None or old_id == new_id:
        return None
    rows = AgreementVersion.objects.filter(agreement_id=agreement_id).in_bulk([old_id, new_id])
    return compare(rows[old_id], rows[new_id]) if len(rows) == 2 else None


def _passages(kind: Literal["added", "removed"], sentences: list[str]) -> list[Passage]:
    return [
        Passage(kind, text if len(text) <= LONGEST_PASSAGE else text[:LONGEST_PASSAGE] + "…")
        for text in sentences
    ]


def _sentences(version: AgreementVersion) -> Iterator[str]:
    yield version.title
    yield from version.stated.values()
    for block in _BLOCK_END.split(version.text):
        plain = html.unescape(_TAG.sub("", block))
        for sentence in _SENTENCE_END.split(plain):
            if sentence.strip():
                yield " ".join(sentence.split())
    for link in version.links:
        yield f"{link['label']} ({link['url']})"

"""Notes on places in a source: what was left out, repaired, or not understood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoteKind(StrEnum):
    """What a note reports about a place in the source; `report.py` has the texts."""

    NOT_ARTICLE = "not_article"
    COMMENTS = "comments"
    RUBRIC = "rubric"
    NUMBERS = "numbers"
    KEYWORDS = "keywords"
    NO_TITLE = "no_title"
    NO_DATE = "no_date"
    NO_BYLINE = "no_byline"
    NO_SUMMARY = "no_summary"
    BYLINE_UNCLEAR = "byline_unclear"
    NO_REFERENCES = "no_references"
    NOT_A_HEADING = "not_a_heading"
    TABLE_CONTINUED = "table_continued"
    TABLE_BROKEN = "table_broken"
    TABLE_ABSENT = "table_absent"
    FIGURE_ABSENT = "figure_absent"
    REFERENCE_ABSENT = "reference_absent"
    PICTURE_UNCAPTIONED = "picture_uncaptioned"
    PICTURE_MISSING = "picture_missing"
    PICTURE_REFUSED = "picture_refused"
    MENTION_UNKNOWN = "mention_unknown"
    FORMULA_AS_TEX = "formula_as_tex"
    MARKUP_DROPPED = "markup_dropped"
    SECOND_ARTICLE = "second_article"


@dataclass(frozen=True, slots=True)
class Note:
    """One note: `text` quotes the source, `line` counts from 1 (0: the whole file)."""

    kind: NoteKind
    text: str = ""
    line: int = 0

"""Reads the `key: value` lines above a Markdown text. Unknown keys are reported with their values."""

from __future__ import annotations

from collections.abc import Callable

from exchange.importing.draft import Author, Originality
from exchange.importing.notes import Note, NoteKind
from exchange.importing.recognition import credit_lines, dates, people
from exchange.importing.recognition.work import Work

LONGEST_SUMMARY = 300


def recognise(work: Work) -> None:
    """Set the fields that the lines name; they take precedence over the text."""
    for key, value in work.meta.items():
        reader = _READERS.get(key)
        if not (reader and value and reader(work, value)):
            work.notes.append(Note(NoteKind.MARKUP_DROPPED, f"{key}: {value}"))


def _title(work: Work, value: str) -> bool:
    work.title = value
    return True


def _summary(work: Work, value: str) -> bool:
    if work.summary or len(value) > LONGEST_SUMMARY:
        return False
    work.summary = value
    return True


def _byline(work: Work, value: str) -> bool:
    if work.byline:
        return False
    work.byline = people.credited(value.strip("[]")) or (Author(value[:120]),)
    return True


def _date(work: Work, value: str) -> bool:
    found = dates.date_of(value)
    work.date = work.date or found
    return found is not None


def _source(work: Work, value: str) -> bool:
    if work.organisation or len(value) > credit_lines.LONGEST_ORGANISATION:
        return False
    work.organisation = value
    return True


def _source_url(work: Work, value: str) -> bool:
    if work.url or not value.startswith(("http://", "https://")) or len(value) > 1000:
        return False
    work.url = value
    return True


def _originality(work: Work, value: str) -> bool:
    if value not in set(Originality):
        return False
    work.originality = Originality(value)
    return True


_READERS: dict[str, Callable[[Work, str], bool]] = {
    "title": _title,
    "summary": _summary,
    "description": _summary,
    "abstract": _summary,
    "author": _byline,
    "authors": _byline,
    "byline": _byline,
    "date": _date,
    "source": _source,
    "source_organisation": _source,
    "source_url": _source_url,
    "url": _source_url,
    "originality": _originality,
}

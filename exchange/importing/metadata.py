"""The `key: value` lines above a Markdown text. A key that means nothing here is reported with its value."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from dataclasses import replace

from exchange.importing.draft import Author, DraftArticle, Originality, Paragraph
from exchange.importing.notes import Note, NoteKind
from exchange.importing.recognition import people

LONGEST_SUMMARY = 300


def apply(draft: DraftArticle, meta: dict[str, str]) -> DraftArticle:
    """The draft with what its lines of metadata say."""
    for key, value in meta.items():
        reader = _READERS.get(key)
        read = reader(draft, value) if reader and value else None
        if read is None:
            note = Note(NoteKind.MARKUP_DROPPED, f"{key}: {value}")
            read = replace(draft, notes=(*draft.notes, note))
        draft = read
    return draft


def _title(draft: DraftArticle, value: str) -> DraftArticle:
    body = draft.body
    if draft.title and draft.title != value:  # the text has a title of its own: it stays, as text
        body = (Paragraph(f"<p>{html.escape(draft.title, quote=False)}</p>"), *body)
    return replace(draft, title=value, body=body)


def _summary(draft: DraftArticle, value: str) -> DraftArticle | None:
    return replace(draft, summary=value) if len(value) <= LONGEST_SUMMARY else None


def _byline(draft: DraftArticle, value: str) -> DraftArticle | None:
    if draft.byline:
        return None
    return replace(draft, byline=people.credited(value.strip("[]")) or (Author(value[:120]),))


def _date(draft: DraftArticle, value: str) -> DraftArticle | None:
    try:
        return replace(draft, date=dt.date.fromisoformat(value[:10]))
    except ValueError:
        return None


def _source(draft: DraftArticle, value: str) -> DraftArticle | None:
    return replace(draft, source_organisation=value) if len(value) <= 200 else None


def _source_url(draft: DraftArticle, value: str) -> DraftArticle | None:
    web = value.startswith(("http://", "https://")) and len(value) <= 1000
    return replace(draft, source_url=value) if web else None


def _originality(draft: DraftArticle, value: str) -> DraftArticle | None:
    return replace(draft, originality=Originality(value)) if value in set(Originality) else None


_READERS: dict[str, Callable[[DraftArticle, str], DraftArticle | None]] = {
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

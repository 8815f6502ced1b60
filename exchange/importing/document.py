"""Parses one source text to a DraftArticle: the parser of its format, then the recognisers in their order."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

from exchange.importing.draft import Callout, DraftArticle
from exchange.importing.formats import markdown, plain_text
from exchange.importing.notes import Note, NoteKind
from exchange.importing.recognition import RECOGNISERS
from exchange.importing.recognition.work import Words, Work

FORMATS = {".md": "markdown", ".markdown": "markdown", ".txt": "text"}
LONGEST_TITLE = 255


def parse(
    source: str,
    form: str,
    *,
    fallback_title: str = "",
    words: Words | None = None,
    has_picture: Callable[[str], bool] = lambda path: False,
    scanned: bool | None = None,
) -> DraftArticle:
    """Parse a source text. Never raises for any text; what was not understood is in `notes`.

    form: a value of FORMATS. fallback_title: used when the text has none (the file's name). has_picture:
    whether the file that a picture's path leads to can be imported; without it every figure is "not
    available". scanned: whether it is a scanned paper; None tests the text.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    work = _parsed(source, form)
    work.words, work.has_picture, work.scanned = words or Words(), has_picture, scanned
    for recognise in RECOGNISERS:
        recognise(work)
    return _completed(work.draft(), fallback_title)


def _parsed(source: str, form: str) -> Work:
    if form == "markdown":
        parsed = markdown.read(source)
        return Work(parsed.pieces, form, source, parsed.meta, notes=parsed.notes)
    return Work(plain_text.read(source), form, source)


def _completed(draft: DraftArticle, fallback_title: str) -> DraftArticle:
    """The draft with a title that fits, and notes on what the source lacks."""
    notes = list(draft.notes)
    title, body = draft.title.strip(), draft.body
    if not title:
        title = fallback_title
        notes.append(Note(NoteKind.NO_TITLE, title))
    if len(title) > LONGEST_TITLE:
        body = (Callout("", f"<p>{html.escape(title, quote=False)}</p>"), *body)
        title = title[: LONGEST_TITLE - 1].rstrip() + "…"
    if draft.date is None:
        notes.append(Note(NoteKind.NO_DATE))
    if not draft.byline and not any(note.kind == NoteKind.BYLINE_UNCLEAR for note in notes):
        notes.append(Note(NoteKind.NO_BYLINE))
    if not draft.summary:
        notes.append(Note(NoteKind.NO_SUMMARY))
    if not draft.counts()["references"]:
        notes.append(Note(NoteKind.NO_REFERENCES))
    return replace(draft, title=title, body=body, notes=tuple(notes))

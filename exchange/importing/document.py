"""One source text -> one DraftArticle: the parser of its format, then recognition in a fixed order."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

from exchange.importing import metadata
from exchange.importing.draft import (
    Block,
    Callout,
    DraftArticle,
    Paragraph,
    Section,
)
from exchange.importing.formats import markdown, plain_text
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Piece, Text
from exchange.importing.recognition import illustrations, references, sections, steps, title_page
from exchange.importing.recognition.illustrations import Words
from exchange.importing.recognition.labels import shortened

FORMATS = {".md": "markdown", ".markdown": "markdown", ".txt": "text"}
LONGEST_TITLE = 255


def parse(
    source: str,
    form: str,
    *,
    fallback_title: str = "",
    words: Words | None = None,
    has_picture: Callable[[str], bool] = lambda path: False,
) -> DraftArticle:
    """Read a source text. Never raises for any text; what was not understood is in `notes`.

    form: a value of FORMATS. fallback_title: used when the text has none (the file's name). has_picture:
    whether the file that a picture's path leads to can be imported; without it every figure is "not
    available".
    """
    words = words or Words()
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    draft = (_markdown if form == "markdown" else _plain)(source, words, has_picture)
    return _completed(draft, fallback_title)


def _markdown(source: str, words: Words, has_picture: Callable[[str], bool]) -> DraftArticle:
    parsed = markdown.read(source)
    pieces, lists = references.place(parsed.pieces, missing=words.no_reference)
    page = title_page.read(pieces)
    body, notes = _recognise(page.rest, words, has_picture)
    notes = [*parsed.notes, *page.notes, *lists, *notes]
    draft = DraftArticle(page.title, page.summary, byline=page.byline, body=body, notes=tuple(notes))
    return metadata.apply(draft, parsed.meta)


def _plain(source: str, words: Words, has_picture: Callable[[str], bool]) -> DraftArticle:
    parsed = plain_text.read(source)
    pieces, lists = references.place(parsed.pieces, missing=words.no_reference)
    body, notes = _recognise(pieces, words, has_picture)
    said = parsed.frame.credits
    return DraftArticle(
        parsed.frame.title,
        "",
        said.date,
        said.byline,
        said.originality,
        said.organisation,
        said.url,
        body,
        (*parsed.frame.notes, *lists, *notes),
    )


def _recognise(
    pieces: list[Piece], words: Words, has_picture: Callable[[str], bool]
) -> tuple[tuple[Block, ...], list[Note]]:
    illustrated = illustrations.place(steps.place(pieces), has_picture=has_picture, words=words)
    body, notes = sections.build(illustrated.pieces, illustrated.keys)
    return body, [*illustrated.notes, *notes, *_second_article(illustrated.pieces)]


def _second_article(pieces: list[Piece]) -> list[Note]:
    """Another abstract in the middle: the file may hold the beginning of the next article."""
    found = [
        p
        for p in pieces
        if isinstance(p, Text)
        and re.match(r"^\s{,20}[【\[]?\s{,20}摘\s{,20}要\s{,20}[】\]]?\s{,20}[:：]", p.text)
    ]
    return [Note(NoteKind.SECOND_ARTICLE, found[0].text[:80], found[0].line)] if found else []


def _completed(draft: DraftArticle, fallback_title: str) -> DraftArticle:
    notes = list(draft.notes)
    title, body = draft.title.strip(), draft.body
    if not title:
        title = fallback_title
        notes.append(Note(NoteKind.NO_TITLE, title))
    if len(title) > LONGEST_TITLE:
        body = (Callout("", f"<p>{html.escape(title, quote=False)}</p>"), *body)
        title = title[: LONGEST_TITLE - 1].rstrip() + "…"
    summary = shortened(
        draft.summary or _first_words(body), metadata.LONGEST_SUMMARY if draft.summary else 160
    )
    if draft.date is None:
        notes.append(Note(NoteKind.NO_DATE))
    if not draft.byline and not any(note.kind == NoteKind.BYLINE_UNCLEAR for note in notes):
        notes.append(Note(NoteKind.NO_BYLINE))
    if not draft.counts()["references"]:
        notes.append(Note(NoteKind.NO_REFERENCES))
    return replace(draft, title=title, summary=summary, body=body, notes=tuple(notes))


def _first_words(blocks: tuple[Block, ...]) -> str:
    """The first paragraph with a sentence in it, as plain text."""
    for block in blocks:
        if isinstance(block, Paragraph):
            for markup in re.findall(r"<p>(.*?)</p>", block.html, re.DOTALL):
                text = html.unescape(re.sub(r"<[^<>]+>|\[[图表]:[^\]]*\]", "", markup)).strip()
                if len(text) >= 20:
                    return text
        elif isinstance(block, Section) and (inner := _first_words(block.body)):
            return inner
    return ""

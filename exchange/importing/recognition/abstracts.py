"""Abstracts with their keywords, and title pages in a second language: each becomes a callout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from exchange.importing.draft import Callout
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Heading, Piece, Placed, Text
from exchange.importing.recognition.labels import (
    ABSTRACT,
    ABSTRACT_INSIDE,
    KEYWORDS,
    PARTICULARS,
    is_chinese,
    shortened,
)

_FAR = 9  # keywords come within so many pieces after the beginning of the abstract
_LONGEST_TITLE = 120


@dataclass
class Abstract:
    """What was taken: the callout for the body, the summary for the article, and the pieces after it."""

    summary: str
    callout: Placed
    rest: list[Piece]
    notes: list[Note] = field(default_factory=list)


def take(pieces: list[Piece]) -> Abstract | None:
    """Take abstract, keywords and particulars off the front; the first piece begins the abstract."""
    first = pieces[0]
    if not isinstance(first, Text | Heading):
        return None
    found = ABSTRACT.match(first.text)
    title = "".join((found[1] if found else first.text).split())
    end = _end(pieces)
    notes: list[Note] = []
    paragraphs: list[str] = []
    sentences: list[str] = []
    for index, piece in enumerate(pieces[:end]):
        if not isinstance(piece, Text | Heading):
            continue
        text, markup = piece.text, piece.html
        if index == 0:
            text, markup = ABSTRACT.sub("", text), ABSTRACT.sub("", markup)
        if KEYWORDS.match(text):
            notes.append(Note(NoteKind.KEYWORDS, text[:120], piece.line))
        elif not PARTICULARS.match(text):
            sentences.append(text)
        if text.strip():
            paragraphs.append(f"<p>{markup}</p>")
    summary = shortened(" ".join(part for part in sentences if part))
    return Abstract(summary, Placed(first.line, Callout(title, "".join(paragraphs))), pieces[end:], notes)


def _end(pieces: list[Piece]) -> int:
    """The index after the abstract with its keywords and particulars."""
    end, words = 1, False
    for index, piece in enumerate(pieces[1:_FAR], 1):
        if not isinstance(piece, Text):
            break
        if KEYWORDS.match(piece.text) and not words:
            end, words = index + 1, True
        elif words and PARTICULARS.match(piece.text):
            end = index + 1
        elif words:
            break
    return end if words or not isinstance(pieces[0], Heading) else _one_more(pieces)


def _one_more(pieces: list[Piece]) -> int:
    """`摘要` as a heading of its own: the paragraph under it is the abstract."""
    return 2 if len(pieces) > 1 and isinstance(pieces[1], Text) else 1


def translated(pieces: list[Piece]) -> list[Piece]:
    """Make a callout of each run of foreign text with an abstract or keywords in it, in a Chinese article."""
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and _is_foreign(pieces[end]):
            end += 1
        run = [piece for piece in pieces[at:end] if isinstance(piece, Text | Heading)]
        if any(
            ABSTRACT.match(p.text) or KEYWORDS.match(p.text) or ABSTRACT_INSIDE.search(p.text) for p in run
        ):
            out.append(_callout(run))
        else:
            end = max(end, at + 1)
            out += pieces[at:end]
        at = end
    return out


def _is_foreign(piece: Piece) -> bool:
    if not isinstance(piece, Text | Heading) or is_chinese(piece.text):
        return False
    return len(re.findall(r"[A-Za-z]", piece.text)) >= 6 and not re.search(r"[\u4e00-\u9fff]{4}", piece.text)


def _callout(run: list[Text | Heading]) -> Placed:
    first = run[0]
    title, rest = "Abstract", run
    can_be_title = len(first.text) <= _LONGEST_TITLE and not ABSTRACT.match(first.text)
    if can_be_title and (isinstance(first, Heading) or len(run) > 1):
        title, rest = first.text, run[1:]
    return Placed(first.line, Callout(title, "".join(f"<p>{piece.html}</p>" for piece in rest)))

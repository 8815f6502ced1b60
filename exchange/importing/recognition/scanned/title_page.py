"""Reads a scanned paper's title page: title, names, abstract, keywords, also in a second language.

Papers open with a column label, the title, names and affiliations, 摘要 and 关键词, and often the same once
more in English, before or after the text. Title and names go to the article's fields, an abstract to a
callout and to the summary; names and affiliations that cannot be separated stay paragraphs.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from exchange.importing.draft import Author
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Heading, Line, Piece, Text
from exchange.importing.recognition import people, summaries
from exchange.importing.recognition.labels import ABSTRACT, ABSTRACT_INSIDE, KEYWORDS, PARTICULARS, is_chinese
from exchange.importing.recognition.summaries import Abstract, Summary

_FAR = 14  # an abstract comes within so many pieces
_KEYWORDS_FAR = 9  # keywords within so many after it began


@dataclass
class TitlePage:
    """What was recognised; `rest` are the pieces that follow, with what was recognised as blocks in place."""

    title: str = ""
    summary: str = ""
    byline: tuple[Author, ...] = ()
    rest: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read(pieces: list[Piece]) -> TitlePage:
    """Read the title page of a scanned paper."""
    page = TitlePage()
    pieces = list(pieces)
    at = _split_abstract(pieces)
    opening = pieces[: at if at is not None else _opening_headings(pieces)]
    rest = pieces[len(opening) :]
    kept = _title(page, opening, has_abstract=at is not None)
    kept = _names(page, kept)
    page.rest += kept
    if at is not None and (abstract := _abstract(rest)):
        page.summary = abstract.summary
        page.rest.append(abstract.callout)
        page.notes += abstract.notes
        rest = abstract.rest
    page.rest += summaries.translated(rest) if is_chinese(page.title) else rest
    return page


def _abstract(pieces: list[Piece]) -> Abstract | None:
    """Remove abstract, keywords and particulars from the front; the first piece begins the abstract."""
    first = pieces[0]
    if not isinstance(first, Text | Heading):
        return None
    found = ABSTRACT.match(first.text)
    summary = Summary(found[1] if found else first.text, first.line)
    summary.add(ABSTRACT.sub("", first.text), ABSTRACT.sub("", first.html), first.line)
    end = _abstract_end(pieces)
    for piece in pieces[1:end]:
        if isinstance(piece, Text | Heading):
            summary.add(piece.text, piece.html, piece.line)
    return Abstract(summary.text, summary.callout, pieces[end:], summary.notes)


def _abstract_end(pieces: list[Piece]) -> int:
    """The index after the abstract with its keywords and particulars."""
    end, words = 1, False
    for index, piece in enumerate(pieces[1:_KEYWORDS_FAR], 1):
        if not isinstance(piece, Text):
            break
        if KEYWORDS.match(piece.text) and not words:
            end, words = index + 1, True
        elif words and PARTICULARS.match(piece.text):
            end = index + 1
        elif words:
            break
    if words or not isinstance(pieces[0], Heading):
        return end
    return 2 if len(pieces) > 1 and isinstance(pieces[1], Text) else 1


def _opening_headings(pieces: list[Piece]) -> int:
    """Without an abstract the opening is the title and, directly after it, lines of names."""
    count = 0
    while count < len(pieces) and isinstance(pieces[count], Heading) and count < 3:
        count += 1
        if count == 1 and not _is_rubric(pieces, 0):
            break
    if count == 0 and pieces and isinstance(pieces[0], Text) and _could_be_title(pieces[0].text):
        count = 1
    after = pieces[count] if 0 < count < len(pieces) else None
    if isinstance(after, Text) and (
        people.names(after.text) or re.match(r"^\s{,20}(作者|撰文|文)\s{,20}[:：/]", after.text)
    ):
        count += 1
    return count


def _could_be_title(text: str) -> bool:
    return len(text) <= 60 and text[-1:] not in "。！？!?；;，,：:"


def _split_abstract(pieces: list[Piece]) -> int | None:
    """The index at which the abstract begins; a paragraph that runs into it is cut there."""
    for index, piece in enumerate(pieces[:_FAR]):
        if isinstance(piece, Text):
            if ABSTRACT.match(piece.text):
                return index
            if index and (inside := ABSTRACT_INSIDE.search(piece.html)):
                cut = inside.start()
                before, after = piece.html[:cut], piece.html[cut:]
                pieces[index : index + 1] = [_plain(piece.line, before), _plain(piece.line, after)]
                return index + 1
        elif isinstance(piece, Heading):
            if ABSTRACT.match(piece.text):
                return index
            if index and re.match(r"^\s{,20}(\d|[一二三]、|引言|前言)", piece.text):
                return None
    return None


def _plain(line: int, markup: str) -> Text:
    text = html.unescape(re.sub(r"<[^<>]+>", "", markup))
    return Text((Line(line, text.strip(), markup.strip()),))


def _is_rubric(pieces: list[Piece], at: int) -> bool:
    """A short label over the title: 临床研究, 综述, ·指南与共识·."""
    piece = pieces[at]
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    if not isinstance(piece, Heading | Text) or not isinstance(following, Heading):
        return False
    label = piece.text.strip("·•* 　【】[]")
    if isinstance(piece, Heading) and following.level != piece.level:
        return False
    return bool(re.fullmatch(r"[\u4e00-\u9fff、与和]{2,8}", label)) and len(following.text) > len(label) + 2


def _title(page: TitlePage, opening: list[Piece], *, has_abstract: bool) -> list[Piece]:
    """Take the title (and a label over it) from the opening; return what is left of it."""
    kept: list[Piece] = []
    last: Piece | None = None
    at = 0
    while at < len(opening) and _is_rubric(opening, at):
        piece = opening[at]
        page.notes.append(Note(NoteKind.RUBRIC, getattr(piece, "text", ""), piece.line))
        at += 1
    for piece in opening[at:]:
        text = piece.text if isinstance(piece, Heading | Text) else ""
        if not page.title and (
            isinstance(piece, Heading) or (isinstance(piece, Text) and _could_be_title(text))
        ):
            page.title, last = text, piece
        elif isinstance(piece, Heading) and page.title and not kept and _goes_on(last, piece, has_abstract):
            page.title += text
        elif isinstance(piece, Heading):
            kept.append(Text((Line(piece.line, piece.text, piece.html),)))
        else:
            kept.append(piece)
    return kept


def _goes_on(last: Piece | None, piece: Heading, has_abstract: bool) -> bool:
    """A heading directly under the title, above the abstract, that is neither names nor an affiliation."""
    return (
        has_abstract
        and isinstance(last, Heading)
        and piece.level == last.level
        and not people.names(piece.text)
        and piece.text[:1] not in "(（【["
        and is_chinese(last.text) == is_chinese(piece.text)
    )


def _names(page: TitlePage, pieces: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in pieces:
        found: tuple[Author, ...] = ()
        if not page.byline and isinstance(piece, Text):
            found = people.names(piece.text)
            if not found and re.match(r"^\s{,20}(作者|撰文|文)\s{,20}[:：/]", piece.text):
                found = people.credited(piece.text)
        if found:
            page.byline = found
        else:
            kept.append(piece)
    if not page.byline and any(isinstance(piece, Text) for piece in kept):
        first = next(piece for piece in kept if isinstance(piece, Text))
        page.notes.append(Note(NoteKind.BYLINE_UNCLEAR, first.text[:80], first.line))
    return kept

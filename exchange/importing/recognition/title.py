"""Recognises the title of an article: the first heading, else a first line that can be one."""

from __future__ import annotations

import re

from exchange.importing.pieces import Heading, Line, Piece, Text
from exchange.importing.recognition import credit_lines, people
from exchange.importing.recognition.labels import is_chinese
from exchange.importing.recognition.work import Work

_FURTHEST = 3
_OFFICIAL = re.compile(
    "(?:通知|公告|通告|公示|函|意见|方案|简报|通报|启事|须知|章程|办法|规定)(?:[(（].{1,20}[)）])?$"
)
_LONGEST = 80
_LONGEST_LATIN = 160
_SENTENCE_END = "。；;，,：:.！!"


def recognise(work: Work) -> None:
    """Take the title from the pieces; where the front matter has another, the text's own stays text."""
    if work.front_read:
        return
    at = _place(work)
    piece = work.pieces[at] if at is not None else None
    if at is None or not isinstance(piece, Heading | Text):
        return
    rest: list[Piece] = []
    if not work.title:
        work.title = piece.text
    elif work.title != piece.text and isinstance(piece, Heading):
        rest = [Text((Line(piece.line, piece.text, piece.html),))]
    elif work.title != piece.text:
        return
    work.pieces = [*work.pieces[:at], *rest, *work.pieces[at + 1 :]]


def _place(work: Work) -> int | None:
    """The first heading, where only credits stand above it; else the first line, if it can be a title."""
    for index, piece in enumerate(work.pieces[:_FURTHEST]):
        if isinstance(piece, Heading):
            return index
        if not isinstance(piece, Text) or credit_lines.read(piece.text) is None:
            break
    first, second = [*work.pieces[:2], None, None][:2]
    if _is_letterhead(first, second):
        return 1
    return 0 if isinstance(first, Text) and _can_be_title(first) else None


def _is_letterhead(first: Piece | None, second: Piece | None) -> bool:
    """Who issues a document, above the title of one: 示例市第二医院 over 关于…的通知."""
    return (
        isinstance(first, Text)
        and isinstance(second, Text)
        and people.is_affiliation(first.text)
        and bool(_OFFICIAL.search(second.text))
        and _can_be_title(second)
    )


def _can_be_title(piece: Text) -> bool:
    text = piece.text
    if len(piece.lines) > 1 or credit_lines.read(text) is not None:
        return False
    return len(text) <= (_LONGEST if is_chinese(text) else _LONGEST_LATIN) and text[-1:] not in _SENTENCE_END

"""Recognises headings without markup: a paragraph of bold words, and `1 …`, `2 …` alone on their lines.

Editors of 公众号 make headings bold; plain text numbers them. Both count only above a text.
"""

from __future__ import annotations

import re
from itertools import pairwise

from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Grid, Heading, Image, Markup, Piece, Placed, Text
from exchange.importing.recognition import captions, credit_lines
from exchange.importing.recognition.work import Work

_LEVEL = 2  # below the title
_LONGEST = 40
_LONGEST_LATIN = 80
_FEWEST_NUMBERED = 2
_BOLD = re.compile(r"^(?:<b>[^<>]{1,160}</b>\s{,4}){1,4}$")
_NUMBER = re.compile(r"^(\d{1,2})((?:[.．]\d{1,2}){,3})(?:[.．、]|\s|(?=[\u4e00-\u9fff]))\s{,4}(?=[^\W\d_])")
_COUNTER = re.compile(
    r"^\W{,3}(?:PART|Part|part)?[\s.·]{,3}(?:\d{1,2}|[ⅠⅡⅢⅣⅤⅥ]|第[一二三四五六七八九十]部分)\W{,3}$"
)
_SENTENCE = re.compile(r"[，。；;：:,、！!.]$|[。；;]|\.\s")


def recognise(work: Work) -> None:
    """Make headings of such lines; where a text has marked headings, bold words are no more than bold."""
    if work.front_read:
        return
    if not any(isinstance(piece, Heading) for piece in work.pieces):
        _replace(work, [index for index, piece in enumerate(work.pieces) if _is_bold(piece)])
    _replace(work, _numbered(work.pieces))
    _without_counters(work)


def _without_counters(work: Work) -> None:
    """`PART 01` and `02` on a line above a heading number it: the system's numbers take their place."""
    kept: list[Piece] = []
    for piece, after in zip(work.pieces, [*work.pieces[1:], None], strict=False):
        counts = isinstance(piece, Text | Heading) and _COUNTER.match(piece.text)
        if counts and isinstance(after, Heading):
            work.notes.append(Note(NoteKind.NUMBERS, getattr(piece, "text", ""), piece.line))
        else:
            kept.append(piece)
    work.pieces = kept


def _replace(work: Work, places: list[int]) -> None:
    for index in places:
        piece = work.pieces[index]
        if isinstance(piece, Text) and _heads(work.pieces, index):
            markup = re.sub(r"</?b>", "", piece.html)
            work.pieces[index] = Heading(piece.line, _LEVEL, piece.text, markup)


def _is_bold(piece: Piece) -> bool:
    return isinstance(piece, Text) and _is_short(piece) and bool(_BOLD.match(piece.html))


def _is_short(piece: Text, text: str = "") -> bool:
    """Whether a line (without its number: `text`) is no sentence."""
    longest = _LONGEST if re.search(r"[\u4e00-\u9fff]", piece.text) else _LONGEST_LATIN
    if len(piece.lines) > 1 or len(piece.text) > longest or _SENTENCE.search(text or piece.text):
        return False
    return captions.read(piece.text, 0, beside=True) is None and credit_lines.read(piece.text) is None


def _heads(pieces: list[Piece], index: int) -> bool:
    """Whether something stands under the line: text, a list, a figure."""
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    return isinstance(after, Text | Markup | Image | Grid | Heading) or (
        isinstance(after, Placed) and index + 2 < len(pieces)
    )


def _numbered(pieces: list[Piece]) -> list[int]:
    """Lines numbered 1, 2, 3 … (and 2.1 between them) with text under each; items without any are a list."""
    tops: list[int] = []
    below: list[int] = []
    for index, piece in enumerate(pieces):
        if not isinstance(piece, Text) or not (number := _NUMBER.match(piece.text)):
            continue
        if not _is_short(piece, piece.text[number.end() :]):
            continue
        if number[2]:
            below += [index] if tops else []
        elif int(number[1]) == len(tops) + 1:
            tops.append(index)
    apart = all(later - earlier > 1 for earlier, later in pairwise(tops))
    return sorted([*tops, *below]) if len(tops) >= _FEWEST_NUMBERED and apart else []

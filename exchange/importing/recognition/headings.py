"""Headings without markup: a paragraph of bold words alone, and `1 …`, `2 …` alone on their lines.

Editors of 公众号 make headings bold; plain text numbers them. Both count only where they head something.
"""

from __future__ import annotations

import re
from itertools import pairwise

from exchange.importing.pieces import Grid, Heading, Image, Markup, Piece, Placed, Text
from exchange.importing.recognition import captions, credit_lines
from exchange.importing.recognition.work import Work

_LEVEL = 2  # below the title
_LONGEST = 40
_LONGEST_LATIN = 80
_FEWEST_NUMBERED = 2
_BOLD = re.compile(r"^(?:<b>[^<>]{1,160}</b>\s{,4}){1,4}$")
_NUMBER = re.compile(r"^(\d{1,2})(?:[.．、]|\s|(?=[\u4e00-\u9fff]))\s{,4}(?=[^\W\d_])")
_SENTENCE = re.compile(r"[，。；;：:,、！!.]$|[。；;]|\.\s")


def recognise(work: Work) -> None:
    """Make headings of such lines; where a text has marked headings, bold words are no more than bold."""
    if work.front_read:
        return
    if not any(isinstance(piece, Heading) for piece in work.pieces):
        _replace(work, [index for index, piece in enumerate(work.pieces) if _is_bold(piece)])
    _replace(work, _numbered(work.pieces))


def _replace(work: Work, places: list[int]) -> None:
    for index in places:
        piece = work.pieces[index]
        if isinstance(piece, Text) and _heads(work.pieces, index):
            markup = re.sub(r"</?b>", "", piece.html)
            work.pieces[index] = Heading(piece.line, _LEVEL, piece.text, markup)


def _is_bold(piece: Piece) -> bool:
    return isinstance(piece, Text) and _is_short(piece) and bool(_BOLD.match(piece.html))


def _is_short(piece: Text) -> bool:
    longest = _LONGEST if re.search(r"[\u4e00-\u9fff]", piece.text) else _LONGEST_LATIN
    if len(piece.lines) > 1 or len(piece.text) > longest or _SENTENCE.search(piece.text):
        return False
    return captions.read(piece.text, 0, beside=True) is None and credit_lines.read(piece.text) is None


def _heads(pieces: list[Piece], index: int) -> bool:
    """Whether something stands under the line: text, a list, a figure."""
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    return isinstance(after, Text | Markup | Image | Grid | Heading) or (
        isinstance(after, Placed) and index + 2 < len(pieces)
    )


def _numbered(pieces: list[Piece]) -> list[int]:
    """Lines numbered 1, 2, 3 … with text under each; a run of items without any is a list."""
    found: list[int] = []
    for index, piece in enumerate(pieces):
        number = _NUMBER.match(piece.text) if isinstance(piece, Text) and _is_short(piece) else None
        if number and int(number[1]) == len(found) + 1:
            found.append(index)
    apart = all(later - earlier > 1 for earlier, later in pairwise(found))
    return found if len(found) >= _FEWEST_NUMBERED and apart else []

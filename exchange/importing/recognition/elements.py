"""Parts what belongs to figures and tables (pictures, grids, captions, sources, notes) from the rest.

The answer keeps the order; neighbours of one run ("cluster") are paired by `illustrations.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from exchange.importing.pieces import Grid, Heading, Image, Line, Piece, Text, join
from exchange.importing.recognition import captions
from exchange.importing.recognition.captions import Caption, Kind

_SOURCE = re.compile(
    r"^[（(]\s{,20}(?:图片|图表|图|表|资料|数据)?\s{,20}来源\s{,20}[:：]\s{,20}(.+?)\s{,20}[)）]$|^(?:图片|图表|资料|数据)\s{,20}来源\s{,20}[:：]\s{,20}(.+)$|"
    r"^\(\s{,20}[Ss]ource\s{,20}[:：]\s{,20}(.+?)\s{,20}\)$"
)
_NOTE = re.compile(
    r"^\s{,20}(?:[\*＊#△▲†‡@]|注\s{,20}[:：]|[(（]注\s{,20}[:：]|主\s{,20}[:：]\s{,20}a|[Nn]otes?\s{,20}[:：.]|[a-zA-Z]\s{,20}[:：]\s{,20}\S|[A-Z][A-Za-z0-9-]{1,12}\s{,20}[:：]\s{,20}\S|"
    r"[:：]同表|[(（]?20\d?号?\s{,20}[*＊ᵃ])"
)
_LONGEST_NOTE = 420


@dataclass(frozen=True, slots=True)
class CaptionLine:
    line: int
    caption: Caption
    original: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    line: int
    source: str
    original: str


Element = Piece | CaptionLine | SourceLine


def split(pieces: list[Piece]) -> list[Element]:
    """Pieces with their caption, source and table-note lines made elements of their own."""
    elements: list[Element] = []
    last: dict[Kind, int] = {"图": 0, "表": 0}
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        beside = isinstance(following, Image | Grid) or (bool(elements) and in_cluster(elements[-1]))
        if isinstance(piece, Heading):
            found = _caption(piece.text, last, beside=beside)
            elements.append(CaptionLine(piece.line, found, piece.text) if found else piece)
        elif isinstance(piece, Text):
            _text(piece, elements, last, beside=beside)
        elif isinstance(piece, Grid) and (found := _caption(piece.caption, last, beside=True)):
            elements += [CaptionLine(piece.line, found, piece.caption), replace(piece, caption="")]
        else:
            elements.append(piece)
    return elements


def in_cluster(element: Element) -> bool:
    """Whether an element belongs to a figure or a table by its form."""
    return isinstance(element, Image | Grid | CaptionLine | SourceLine)


def _caption(text: str, last: dict[Kind, int], *, beside: bool) -> Caption | None:
    chinese = captions.read(
        text, last["图"] if text.lstrip("[【（( 续").startswith("图") else last["表"], beside=beside
    )
    if chinese is None:
        return None
    if chinese.english:  # it repeats the caption of its number, so the last number is the likeliest
        found = captions.read(text, last[chinese.kind] - 1, beside=beside)
        return found
    last[chinese.kind] = chinese.number
    return chinese


def _text(piece: Text, elements: list[Element], last: dict[Kind, int], *, beside: bool) -> None:
    before = elements[-1] if elements else None
    if isinstance(before, Grid) and len(piece.text) <= _LONGEST_NOTE and _NOTE.match(piece.text):
        found = _caption(piece.text, last, beside=True)
        if found is None:
            elements[-1] = replace(before, note=join([before.note, piece.text]))
            return
    rest: list[Line] = []
    open_caption: list[Line] = []
    for line in piece.lines:
        if open_caption and not open_caption[-1].hard and not captions.read(line.text, 0, beside=True):
            open_caption.append(line)  # the caption goes on: no break was asked for
            continue
        _close(open_caption, elements, last)
        source = _SOURCE.match(line.text)
        if source and not rest and elements and in_cluster(elements[-1]):
            elements.append(
                SourceLine(line.number, next(group for group in source.groups() if group), line.text)
            )
        elif captions.read(line.text, 0, beside=beside) and not (rest and not rest[-1].hard):
            _flush(rest, elements)
            open_caption.append(line)
        else:
            rest.append(line)
    _close(open_caption, elements, last)
    _flush(rest, elements)


def _close(lines: list[Line], elements: list[Element], last: dict[Kind, int]) -> None:
    if not lines:
        return
    text = join([line.text for line in lines])
    found = _caption(text, last, beside=True)
    if found:
        elements.append(CaptionLine(lines[0].number, found, text))
    else:
        elements.append(Text(tuple(lines)))
    lines.clear()


def _flush(lines: list[Line], elements: list[Element]) -> None:
    if lines:
        elements.append(Text(tuple(lines)))
        lines.clear()

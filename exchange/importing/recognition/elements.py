"""Separates what belongs to figures and tables (pictures, grids, captions, sources, notes) from the rest.

The result keeps the order; neighbours of one run ("cluster") are paired by `illustrations.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from exchange.importing.pieces import Grid, Heading, Image, Line, Piece, Text, join
from exchange.importing.recognition.captions import Caption, Kind
from exchange.importing.recognition.work import Readers

_SOURCE = re.compile(
    r"^[（(]\s{,20}(?:图片|图表|图|表|资料|数据)?\s{,20}来源\s{,20}[:：]\s{,20}(.+?)\s{,20}[)）]$|^(?:图片|图表|资料|数据)\s{,20}来源\s{,20}[:：]\s{,20}(.+)$|"
    r"^\(\s{,20}[Ss]ource\s{,20}[:：]\s{,20}(.+?)\s{,20}\)$"
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


def in_cluster(element: Element) -> bool:
    """Whether an element belongs to a figure or a table by its form."""
    return isinstance(element, Image | Grid | CaptionLine | SourceLine)


def split(pieces: list[Piece], readers: Readers) -> list[Element]:
    """Pieces with their caption, source and table-note lines made elements of their own."""
    return _Splitter(readers).split(pieces)


class _Splitter:
    def __init__(self, readers: Readers) -> None:
        self.readers = readers
        self.elements: list[Element] = []
        self.last: dict[Kind, int] = {"图": 0, "表": 0}

    def split(self, pieces: list[Piece]) -> list[Element]:
        for index, piece in enumerate(pieces):
            following = pieces[index + 1] if index + 1 < len(pieces) else None
            beside = isinstance(following, Image | Grid) or (
                bool(self.elements) and in_cluster(self.elements[-1])
            )
            if isinstance(piece, Heading):
                found = self._caption(piece.text, beside=beside)
                self.elements.append(CaptionLine(piece.line, found, piece.text) if found else piece)
            elif isinstance(piece, Text):
                self._text(piece, beside=beside)
            elif isinstance(piece, Grid) and (found := self._caption(piece.caption, beside=True)):
                self.elements += [CaptionLine(piece.line, found, piece.caption), replace(piece, caption="")]
            else:
                self.elements.append(piece)
        return self.elements

    def _caption(self, text: str, *, beside: bool) -> Caption | None:
        kind: Kind = "图" if text.lstrip("[【（( 续").startswith("图") else "表"
        found = self.readers.caption(text, self.last[kind], beside=beside)
        if found is None:
            return None
        if found.english:  # it repeats the caption of its number, so the last number is the likeliest
            return self.readers.caption(text, self.last[found.kind] - 1, beside=beside)
        self.last[found.kind] = found.number
        return found

    def _text(self, piece: Text, *, beside: bool) -> None:
        if self._is_table_note(piece):
            return
        rest: list[Line] = []
        caption: list[Line] = []
        for line in piece.lines:
            if caption and not caption[-1].hard and not self.readers.caption(line.text, 0, beside=True):
                caption.append(line)  # the caption goes on: no break was asked for
                continue
            self._close(caption)
            source = _SOURCE.match(line.text)
            if source and not rest and self.elements and in_cluster(self.elements[-1]):
                named = next(group for group in source.groups() if group)
                self.elements.append(SourceLine(line.number, named, line.text))
            elif self.readers.caption(line.text, 0, beside=beside) and not (rest and not rest[-1].hard):
                self._flush(rest)
                caption.append(line)
            else:
                rest.append(line)
        self._close(caption)
        self._flush(rest)

    def _is_table_note(self, piece: Text) -> bool:
        """Add the note under a table to the table."""
        before = self.elements[-1] if self.elements else None
        if not isinstance(before, Grid) or len(piece.text) > _LONGEST_NOTE:
            return False
        if not self.readers.table_note.match(piece.text) or self._caption(piece.text, beside=True):
            return False
        self.elements[-1] = replace(before, note=join([before.note, piece.text]))
        return True

    def _close(self, lines: list[Line]) -> None:
        if not lines:
            return
        text = join([line.text for line in lines])
        found = self._caption(text, beside=True)
        self.elements.append(CaptionLine(lines[0].number, found, text) if found else Text(tuple(lines)))
        lines.clear()

    def _flush(self, lines: list[Line]) -> None:
        if lines:
            self.elements.append(Text(tuple(lines)))
            lines.clear()

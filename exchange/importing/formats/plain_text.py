"""Parses plain text, as copied from a browser, to pieces.

One line is one paragraph, as browsers copy it; lines with tab stops are a table, the name of a picture file
is a picture.
"""

from __future__ import annotations

import html
import re

from exchange.importing.draft import Cell
from exchange.importing.pieces import Grid, Image, Line, Piece, Text

_PICTURE = re.compile(r"^[^\s/\\<>|:*?\"]{1,120}\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg|heic)$", re.IGNORECASE)


NumberedLine = tuple[int, str]


def read(source: str) -> list[Piece]:
    """Parse plain text; never raises for any text."""
    raw = source.replace("\x00", "").split("\n")
    lines = [(number, line.strip("\ufeff \t\u3000\xa0\r")) for number, line in enumerate(raw, 1)]
    return _pieces([entry for entry in lines if entry[1]], raw)


def _pieces(lines: list[NumberedLine], raw: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    index = 0
    while index < len(lines):
        number, text = lines[index]
        rows = _tabbed(lines, raw, index)
        if len(rows) >= 2:
            pieces.append(Grid(number, tuple(tuple(Cell(cell) for cell in row) for row in rows)))
            index += len(rows)
            continue
        if _PICTURE.match(text):
            pieces.append(Image(number, text))
        else:
            pieces.append(Text((Line(number, text, _linked(text)),)))
        index += 1
    return pieces


def _tabbed(lines: list[NumberedLine], raw: list[str], start: int) -> list[list[str]]:
    """Consecutive lines with as many tab stops: a table as browsers copy it."""
    rows: list[list[str]] = []
    first = lines[start][0]
    for index in range(start, len(lines)):
        number, text = lines[index]
        cells = [cell.strip() for cell in raw[number - 1].strip("\r\ufeff").split("\t")]
        if "\t" not in text or number != first + len(rows) or (rows and len(cells) != len(rows[0])):
            break
        rows.append(cells)
    return rows


def _linked(text: str) -> str:
    escaped = html.escape(text, quote=False)
    return re.sub(
        r"https?://[^\s<>\"'，。；、）)\u4e00-\u9fff]+",
        lambda m: f'<a href="{html.escape(html.unescape(m[0]))}">{m[0]}</a>',
        escaped,
    )

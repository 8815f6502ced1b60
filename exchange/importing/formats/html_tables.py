"""Parses HTML tables to grids: cells with their spans, text cleaned, no character lost in half-broken
markup.

Text that is in the table but in no cell becomes part of the cell that is open, or a cell of its own row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from exchange.importing.draft import Cell, Row
from exchange.importing.formats import formulas, inline

# A table of the source never needs more; a broken attribute must not create millions of cells.
MOST_SPAN = 60
_MATHS = re.compile(r"\$\$?([^$]+)\$\$?")
_SPACE = re.compile(r"\s+")


@dataclass
class _Open:
    parts: list[str] = field(default_factory=list)
    colspan: int = 1
    rowspan: int = 1
    heading: bool = False


class TableReader(HTMLParser):
    """Parses the markup of a table; `rows`, `head`, `caption` and `broken` are complete after `finish()`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self.caption = ""
        self.broken = False
        self.pictures: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self._row: list[Cell] | None = None
        self._headings: list[bool] = []
        self._heading_rows: list[bool] = []
        self._cell: _Open | None = None
        self._caption: list[str] | None = None
        self._depth = 0

    @property
    def head(self) -> int | None:
        """How many leading rows are made of <th> or stand in <thead>; None when the table marks none."""
        count = 0
        for is_heading in self._heading_rows:
            if not is_heading:
                break
            count += 1
        return count or None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif self._depth > 1 and tag in ("tr", "td", "th"):
            self._say(" ")  # a table inside a cell is read as the cell's text
        elif tag == "tr":
            self._end_row()
            self._row = []
            self._headings = []
        elif tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            self._cell = _Open(
                [], _span(given.get("colspan")), _span(given.get("rowspan")), heading=tag == "th"
            )
        elif tag == "caption":
            self._caption = []
        elif tag in ("br", "p", "div", "li"):
            self._say(" ")
        elif tag == "img":
            given = dict(attrs)
            self.pictures.append((given.get("src") or "", given.get("alt") or ""))
        elif tag not in inline.MARKUP:
            self._say(self.get_starttag_text() or "")  # text that only looks like a tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth = max(0, self._depth - 1)
        elif self._depth > 1 and tag in ("tr", "td", "th"):
            self._say(" ")
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "caption" and self._caption is not None:
            self.caption = clean("".join(self._caption))
            self._caption = None
        elif tag not in inline.MARKUP:
            self._say(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._say(data)

    def unknown_decl(self, data: str) -> None:
        self._say(data)

    def handle_decl(self, decl: str) -> None:
        self._say(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self._say(f"<?{data}>")

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def finish(self) -> None:
        self.close()
        if self._caption is not None:
            self.caption, self._caption = clean("".join(self._caption)), None
            self.broken = True
        self.broken = self.broken or self._cell is not None or self._row is not None or self._depth > 0
        self._end_row()

    def _say(self, data: str) -> None:
        if self._caption is not None:
            self._caption.append(data)
        elif self._cell is not None:
            self._cell.parts.append(data)
        elif data.strip():
            self.broken = True
            self._cell = _Open([data])

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        if self._row is None:
            self._row, self._headings = [], []
        open_cell, self._cell = self._cell, None
        self._row.append(Cell(clean("".join(open_cell.parts)), open_cell.colspan, open_cell.rowspan))
        self._headings.append(open_cell.heading)

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            self.rows.append(tuple(self._row))
            self._heading_rows.append(all(self._headings))
        self._row = None


def read(markup: str) -> TableReader:
    """Read the markup of one table, whole or half-broken."""
    reader = TableReader()
    reader.feed(markup)
    reader.finish()
    return reader


def clean(text: str) -> str:
    """Cell or caption text: formulas made readable, runs of white space to one space."""
    text = _MATHS.sub(lambda found: formulas.shown(found[1])[0], text)
    return _SPACE.sub(" ", text).strip()


def _span(value: str | None) -> int:
    try:
        return max(1, min(MOST_SPAN, int(value or 1)))
    except ValueError:
        return 1

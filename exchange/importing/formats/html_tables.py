"""Parses HTML tables to grids: cells with spans, text cleaned, no character lost in broken markup.

BeautifulSoup builds the tree. Text that is in the table but in no cell becomes part of the cell that is open,
or a cell of its own row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, Tag

from exchange.importing.draft import Cell, Row
from exchange.importing.formats import formulas, inline

# A table of the source never needs more; a broken attribute must not create millions of cells.
MOST_SPAN = 60
_MATHS = re.compile(r"\$\$?([^$]+)\$\$?")
_SPACE = re.compile(r"\s+")
_TAGS = "|".join(sorted({*inline.MARKUP, "caption", "col", "colgroup"}, key=len, reverse=True))
# `<0.05`, `<input file>`, `<?xml`, and a tag that never ends: text that only looks like a tag.
_NO_TAG = re.compile(
    rf"""<(?!/?(?:{_TAGS})(?:[\s/](?:[^<>"']|"[^"]{{,300}}"|'[^']{{,300}}')*+)?>|!--)""", re.IGNORECASE
)
_PARTS = ("table", "tr", "td", "th", "caption")


@dataclass
class HtmlTable:
    """What was read. `head` counts the leading rows of <th> alone; None when the table marks none."""

    rows: list[Row] = field(default_factory=list)
    head: int | None = None
    caption: str = ""
    broken: bool = False
    pictures: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def read(markup: str) -> HtmlTable:
    """Read the markup of one table, whole or half-broken."""
    reader = _Reader()
    source = _NO_TAG.sub("&lt;", open_comments_as_text(markup))
    for event, element in _events(BeautifulSoup(source, "html.parser")):
        if isinstance(element, Tag):
            (reader.start if event == "start" else reader.end)(element)
        elif isinstance(element, Comment):
            reader.table.comments.append(str(element))
        else:
            reader.add(str(element))
    return reader.finished(markup)


def _events(soup: BeautifulSoup) -> Iterator[tuple[Literal["start", "end", "text"], PageElement]]:
    """The tree in reading order; without recursion, because broken markup nests as deep as it is long."""
    open_tags: list[tuple[Tag, Iterator[PageElement]]] = [(soup, iter(soup.contents))]
    while open_tags:
        tag, children = open_tags[-1]
        child = next(children, None)
        if child is None:
            open_tags.pop()
            yield "end", tag
        elif isinstance(child, Tag):
            yield "start", child
            open_tags.append((child, iter(child.contents)))
        elif isinstance(child, NavigableString):
            yield "text", child


@dataclass
class _Open:
    """The cell that is being read."""

    parts: list[str] = field(default_factory=list)
    colspan: int = 1
    rowspan: int = 1
    heading: bool = False


class _Reader:
    def __init__(self) -> None:
        self.table = HtmlTable()
        self._row: list[Cell] = []
        self._headings: list[bool] = []
        self._heading_rows: list[bool] = []
        self._cell: _Open | None = None
        self._caption: list[str] | None = None
        self._depth = 0
        self._in_row = False

    def start(self, tag: Tag) -> None:
        name = tag.name
        if name == "table":
            self._depth += 1
        elif name in ("br", "p", "div", "li") or (self._depth > 1 and name in _PARTS):
            self.add(" ")  # a table inside a cell is read as the cell's text
        elif name == "tr":
            self._end_row()
            self._in_row = True
        elif name in ("td", "th"):
            self._end_cell()
            self.table.broken = self.table.broken or not self._in_row
            self._cell = _Open([], _span(tag.get("colspan")), _span(tag.get("rowspan")), name == "th")
        elif name == "caption":
            self._caption = []
        elif name == "img":
            self.table.pictures.append((str(tag.get("src") or ""), str(tag.get("alt") or "")))

    def end(self, tag: Tag) -> None:
        name = tag.name
        if name == "table":
            self._depth = max(0, self._depth - 1)
        elif self._depth > 1 and name in _PARTS:
            self.add(" ")
        elif name in ("td", "th"):
            self._end_cell()
        elif name == "tr":
            self._end_row()
        elif name == "caption" and self._caption is not None:
            self.table.caption, self._caption = clean("".join(self._caption)), None

    def add(self, text: str) -> None:
        if self._caption is not None:
            self._caption.append(text)
        elif self._cell is not None:
            self._cell.parts.append(text)
        elif text.strip():
            self.table.broken = True
            self._cell = _Open([text])

    def finished(self, markup: str) -> HtmlTable:
        """The table; it is broken where a part of it is opened more often than closed, or the reverse."""
        self._end_row()
        heads = next(
            (i for i, heading in enumerate(self._heading_rows) if not heading), len(self._heading_rows)
        )
        self.table.head = heads or None
        for part in _PARTS:
            opened, closed = (
                len(re.findall(rf"<{slash}{part}\b", markup, re.IGNORECASE)) for slash in ("", "/")
            )
            self.table.broken = self.table.broken or opened != closed
        return self.table

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        done, self._cell = self._cell, None
        self._row.append(Cell(clean("".join(done.parts)), done.colspan, done.rowspan))
        self._headings.append(done.heading)

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            self.table.rows.append(tuple(self._row))
            self._heading_rows.append(all(self._headings))
        self._row, self._headings, self._in_row = [], [], False


def open_comments_as_text(source: str) -> str:
    """Treat an unclosed comment as text; the parser would search for its end again and again."""
    closed = source.rfind("-->") + 1
    return source[:closed] + source[closed:].replace("<!--", "&lt;!--")


def clean(text: str) -> str:
    """Cell or caption text: formulas made readable, runs of white space to one space."""
    text = _MATHS.sub(lambda found: formulas.shown(found[1])[0], text)
    return _SPACE.sub(" ", text).strip()


def _span(value: object) -> int:
    try:
        return max(1, min(MOST_SPAN, int(str(value or 1))))
    except ValueError:
        return 1

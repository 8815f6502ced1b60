"""The neutral tree between the parsers and the CMS: the content of a source file in the CMS's terms.

Frozen and free of Django. `html` fields hold the small HTML of the inline renderer (p, br, b, i, sub, sup,
a, ul, ol, li), with references to figures and tables as `[图:key]` and `[表:key]`; every other text field is
plain text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from exchange.importing.notes import Note


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; spans count columns and rows, at least 1."""

    text: str
    colspan: int = 1
    rowspan: int = 1


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or several consecutive paragraphs, each in its own <p> (or a list)."""

    html: str


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Steps:
    items: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """`number` is the source's, the CMS gives its own; `picture` is the path in the source, or ""."""

    key: str
    number: int | None
    caption: str
    alt: str = ""
    source: str = ""
    picture: str = ""
    placeholder: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    number: int | None
    caption: str
    head: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    note: str = ""
    placeholder: bool = False


@dataclass(frozen=True, slots=True)
class Callout:
    """Text that stands beside the article's own: an abstract, a translated title page."""

    title: str
    html: str
    tone: str = "note"


@dataclass(frozen=True, slots=True)
class Reference:
    text: str
    doi: str = ""
    pmid: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class References:
    items: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`level` is 1 to 3; the source's own number is not part of the heading."""

    heading: str
    level: int
    body: tuple[Block, ...] = ()


Block = Paragraph | Steps | Figure | Table | Callout | References | Section


class Originality(StrEnum):
    """As ArticlePage.originality."""

    ORIGINAL = "original"
    REPUBLISHED = "republished"
    TRANSLATED = "translated"


@dataclass(frozen=True, slots=True)
class Author:
    """`organisation` decides whether the contributor is an organisation or a person.

    title and affiliation as the source gives them: `MD`, `主任医师`; `示例医院心内科`.
    """

    name: str
    organisation: bool = False
    title: str = ""
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class DraftArticle:
    """The content of one source file. Empty strings and None: the source has none."""

    title: str
    summary: str = ""
    date: dt.date | None = None
    byline: tuple[Author, ...] = ()
    originality: Originality | None = None
    source_organisation: str = ""
    source_url: str = ""
    body: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    def walk(self) -> Iterator[Block]:
        """Every block in reading order, sections before what they hold."""
        yield from _walk(self.body)

    def counts(self) -> dict[str, int]:
        """How many of each form were recognised; steps, references and paragraphs are counted one by one."""
        found = dict.fromkeys(
            ("sections", "paragraphs", "steps", "figures", "tables", "callouts", "references"), 0
        )
        for block in self.walk():
            match block:
                case Section():
                    found["sections"] += 1
                case Paragraph(html):
                    found["paragraphs"] += max(1, html.count("<p>"))
                case Steps(items):
                    found["steps"] += len(items)
                case Figure():
                    found["figures"] += 1
                case Table():
                    found["tables"] += 1
                case Callout():
                    found["callouts"] += 1
                case References(items):
                    found["references"] += len(items)
        return found


def _walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from _walk(block.body)

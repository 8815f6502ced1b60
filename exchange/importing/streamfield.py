"""Converts a DraftArticle to a raw StreamField value (`cms.blocks`). Pure but for table grids.

Ids come from the import's key and the place of the block, so that a repeated import stores the very same
value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from cms.blocks.tables import grid
from exchange.importing.draft import (
    Block,
    Callout,
    Figure,
    Paragraph,
    Reference,
    References,
    Row,
    Section,
    Step,
    Steps,
    Table,
)

# The limits of the blocks' fields. Longer values are cut here, after the parser kept the whole text
# elsewhere.
LONGEST_TITLE = 120
LONGEST_ALT = 1000
LONGEST_SOURCE = 300
LONGEST_LICENCE = 120
LONGEST_DOI = 200
LONGEST_URL = 1000
MOST_HEAD_ROWS = 5

_SPACE = UUID("5d0f4a4e-6c0b-5f0e-9a39-8f1b7a1f6f5e")
Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rights:
    """Licence and source for the figures of an import; a figure's own source takes precedence."""

    licence: str = ""
    source: str = ""


class Writer:
    """Writes the body of one article. `images`: primary keys by the figure's key."""

    def __init__(self, key: str, rights: Rights, images: Mapping[str, int]) -> None:
        self.key = key
        self.rights = rights
        self.images = images

    def body(self, blocks: tuple[Block, ...]) -> list[Raw]:
        return [self._block(block, str(index)) for index, block in enumerate(blocks)]

    def _block(self, block: Block, place: str) -> Raw:
        match block:
            case Section(heading, _, body):
                inner = [self._block(child, f"{place}.{index}") for index, child in enumerate(body)]
                return self._raw("section", place, {"heading": heading, "body": inner})
            case Paragraph(html):
                return self._raw("paragraph", place, html)
            case Steps(items):
                return self._raw("steps", place, self._items(place, [_step(item) for item in items]))
            case Figure():
                return self._raw("figure", place, self._figure(block))
            case Table():
                return self._raw("table", place, _table(block))
            case Callout(title, html, tone):
                return self._raw(
                    "callout", place, {"tone": tone, "title": title[:LONGEST_TITLE], "text": html}
                )
            case References(items):
                return self._raw(
                    "references", place, self._items(place, [_reference(item) for item in items])
                )

    def _raw(self, kind: str, place: str, value: Any) -> Raw:
        return {"type": kind, "value": value, "id": self._id(place)}

    def _items(self, place: str, values: list[Raw]) -> list[Raw]:
        return [
            {"type": "item", "value": value, "id": self._id(f"{place}/{index}")}
            for index, value in enumerate(values)
        ]

    def _id(self, place: str) -> str:
        return str(uuid5(_SPACE, f"{self.key}:{place}"))

    def _figure(self, figure: Figure) -> Raw:
        image = self.images.get(figure.key)
        return {
            "key": figure.key,
            "image": image,
            "caption": figure.caption,
            "alt": figure.alt[:LONGEST_ALT],
            "source": (figure.source or self.rights.source)[:LONGEST_SOURCE],
            "licence": self.rights.licence[:LONGEST_LICENCE],
            "missing": image is None,
        }


def _step(step: Step) -> Raw:
    return {"title": step.title[:LONGEST_TITLE], "text": step.html}


def _reference(reference: Reference) -> Raw:
    return {
        "text": reference.text,
        "doi": reference.doi if len(reference.doi) <= LONGEST_DOI else "",
        "pmid": reference.pmid,
        "url": reference.url if len(reference.url) <= LONGEST_URL else "",
    }


def _table(table: Table) -> Raw:
    rows, merges = spread((*table.head, *table.rows))
    heads = min(len(table.head), MOST_HEAD_ROWS)
    return {
        "key": table.key,
        "caption": table.caption,
        "grid": grid(rows, merges=merges, head_rows=heads),
        "head_rows": heads,
        "note": table.note,
    }


def spread(rows: tuple[Row, ...]) -> tuple[list[list[str | None]], list[tuple[int, int, int, int]]]:
    """Rows of cells with spans as a full grid and its merges (row, column, rowspan, colspan).

    As browsers lay tables out: a cell takes the next free place. A span that would cover another cell or
    leave the table is cut, so that no cell disappears under it.
    """
    taken: dict[tuple[int, int], str | None] = {}
    merges: list[tuple[int, int, int, int]] = []
    for down, row in enumerate(rows):
        across = 0
        for cell in row:
            while (down, across) in taken:
                across += 1
            width = 1
            while width < cell.colspan and (down, across + width) not in taken:
                width += 1
            height = min(cell.rowspan, len(rows) - down)
            for y in range(height):
                for x in range(width):
                    taken[down + y, across + x] = None
            taken[down, across] = cell.text
            if width > 1 or height > 1:
                merges.append((down, across, height, width))
            across += width
    columns = 1 + max((x for _, x in taken), default=-1)
    return [[taken.get((y, x)) for x in range(columns)] for y in range(len(rows))], merges

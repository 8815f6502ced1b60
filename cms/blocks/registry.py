"""The kinds of blocks that an article may hold. A new kind is one line in `KINDS`; no other list exists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from cms.blocks.figures import FigureBlock
from cms.blocks.kinds import BlockKind, Form
from cms.blocks.references import ReferencesBlock
from cms.blocks.sections import GateLineBlock, TopSectionBlock
from cms.blocks.tables import ArticleTableBlock
from cms.blocks.text import CalloutBlock, KeyPointsBlock, ParagraphBlock, StepsBlock
from cms.cross_references import Words

KINDS: tuple[type[BlockKind], ...] = (
    TopSectionBlock,
    ParagraphBlock,
    StepsBlock,
    FigureBlock,
    ArticleTableBlock,
    CalloutBlock,
    KeyPointsBlock,
    ReferencesBlock,
    GateLineBlock,
)


def kinds() -> dict[str, BlockKind]:
    """Every kind by its name, in the order of `KINDS`."""
    return _made(KINDS)


@cache
def _made(classes: tuple[type[BlockKind], ...]) -> dict[str, BlockKind]:
    return {one.kind: one() for one in classes}


def sent_kinds() -> list[BlockKind]:
    """The kinds that readers get."""
    return [kind for kind in kinds().values() if not kind.is_gate_line]


def reference_words() -> Words:
    """Which words of a text refer to which series: 图 and figure, 表 and table."""
    series = [kind.series for kind in kinds().values() if kind.series and not kind.series.nested]
    return {word: one for one in series for word in (one.chinese, one.kind)}


def walk_forms(body: list[Form]) -> Iterator[tuple[BlockKind, Form]]:
    """Each block of a document's body with its kind, in document order, at any depth.

    A type that no kind has is left out: an older program may read a newer ledger.
    """
    for form in body:
        kind = kinds().get(form.get("type", ""))
        if kind is not None:
            yield kind, form
            if kind.holds_blocks:
                yield from walk_forms(form.get("body") or [])


def stored_pictures(body: Any) -> Iterator[int]:
    """The ids of the images in the stored JSON of a body, at any depth; what is malformed holds none."""
    for block in body if isinstance(body, list) else ():
        kind = kinds().get(block.get("type", "")) if isinstance(block, dict) else None
        value = block.get("value") if kind else None
        if kind is None or not isinstance(value, dict):
            continue
        yield from kind.stored_pictures(value)
        if kind.holds_blocks:
            yield from stored_pictures(value.get("body"))

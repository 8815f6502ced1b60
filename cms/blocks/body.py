"""The body of an article: the blocks that it may hold, and one walk over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from cms.blocks import registry
from cms.blocks.kinds import BlockKind, Form
from cms.blocks.rendering import Rendering
from cms.blocks.sections import Children, ContentStream
from cms.numbering import Occurrence, Path


class ArticleBody(ContentStream):
    """Every kind of block, sections of the first level, and at most one gate line."""

    def __init__(self, local_blocks: Children | None = None, **kwargs: Any) -> None:
        structure = [(kind.kind, kind()) for kind in registry.KINDS if kind.is_structure]
        super().__init__([*structure, *(local_blocks or [])], **kwargs)
        lines = [kind.kind for kind in registry.KINDS if kind.is_gate_line]
        self.set_meta_options({"block_counts": {line: {"max_num": 1} for line in lines}})

    def get_prep_value(self, value: Any) -> list[dict[str, Any]]:
        return identify(super().get_prep_value(value))


def identify(stream: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give an id to each stored block that has none, in place. Wagtail forgets what is nested."""
    for block in stream:
        if not block.get("id"):
            block["id"] = str(uuid4())
        if registry.kinds()[block["type"]].holds_blocks:
            identify(block["value"].get("body") or [])
    return stream


@dataclass(frozen=True, slots=True)
class Placed:
    """One block and its position. level: of the heading it has, else 0. id: stable through edits."""

    kind: BlockKind
    path: Path
    id: str
    value: Any
    level: int = 0

    @property
    def key(self) -> str:
        """The word by which texts refer to it; empty where it has none."""
        series = self.kind.series
        return "" if series is None or series.nested else self.value["key"] or ""

    @property
    def anchor(self) -> str:
        """The fragment of its address. A key is the editor's own word, the rest comes from the block's id."""
        return f"{self.kind.series.anchor}-{self.key or self.id[:8]}" if self.kind.series else ""


def walk(stream: Any, parents: Path = (), level: int = 1) -> Iterator[Placed]:
    """Every block of a StreamValue in document order, a section before its content."""
    for index, child in enumerate(stream or []):
        path = (*parents, index)
        kind: BlockKind = child.block
        identity = child.id or "b" + "-".join(str(step) for step in path)
        yield Placed(kind, path, identity, child.value, level if kind.holds_blocks else 0)
        if kind.holds_blocks:
            yield from walk(child.value["body"], path, level + 1)


def occurrences(placed: list[Placed]) -> Iterator[Occurrence]:
    """What cms.numbering has to count."""
    for one in placed:
        if one.kind.series:
            yield Occurrence(one.kind.series, one.path, one.key, one.level)


def api_forms(placed: list[Placed], rendering: Rendering) -> list[Form]:
    """The API form of a walked body. Blocks are nested as they were; the gate line itself is not sent."""
    top: list[Form] = []
    bodies: dict[Path, list[Form]] = {(): top}
    for one in placed:
        if one.kind.is_gate_line:
            continue
        form: Form = {"type": one.kind.kind, "id": one.id} | _number_of(one, rendering)
        form |= one.kind.api_form(one.value, rendering)
        if one.kind.holds_blocks:
            form |= {"level": one.level, "body": bodies.setdefault(one.path, [])}
        bodies[one.path[:-1]].append(form)
    return top


def _number_of(one: Placed, rendering: Rendering) -> Form:
    """The members that the system's numbering adds to the form of a block."""
    if one.kind.series is None:
        return {}
    number = rendering.numbering.of[one.path]
    if one.kind.series.nested:
        return {"number": number.text, "anchor": one.anchor}
    return {"number": number.number, "label": number.text, "anchor": one.anchor}

"""The body as a whole: sections that nest to three levels, and what may stand in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.figures import FigureBlock
from cms.blocks.references import ReferencesBlock
from cms.blocks.rendering import Rendering
from cms.blocks.tables import ArticleTableBlock
from cms.blocks.text import CalloutBlock, KeyPointsBlock, ParagraphBlock, StepsBlock
from cms.numbering import NumberedKind, Occurrence, Path


@dataclass(frozen=True, slots=True)
class Placed:
    """One block and where it stands. level: of the section it is, else 0. id: stable through edits."""

    type: str
    path: Path
    id: str
    value: Any
    block: Any
    level: int = 0

    @property
    def anchor(self) -> str:
        """The fragment of its address. A key is the editor's own word, the rest comes from the block's id."""
        if self.type == "section":
            return f"sec-{self.id[:8]}"
        prefix = {"figure": "fig", "table": "tab"}[self.type]
        return f"{prefix}-{self.value['key'] or self.id[:8]}"


class ContentStream(blocks.StreamBlock):
    """What may stand in any section. Its children all know their api_form()."""

    paragraph = ParagraphBlock()
    steps = StepsBlock()
    key_points = KeyPointsBlock()
    callout = CalloutBlock()
    figure = FigureBlock()
    table = ArticleTableBlock()
    references = ReferencesBlock()

    class Meta:
        required = False


class SectionBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=200, required=False)
    body = ContentStream(label=_("Content"))

    class Meta:
        icon = "title"
        label = _("Section")
        label_format = "{heading}"
        group = _("Structure")
        description = _("A part with a heading; numbered by the system")


class SubsectionStream(ContentStream):
    section = SectionBlock(label=_("Sub-subsection"))


class SubsectionBlock(SectionBlock):
    body = SubsectionStream(label=_("Content"))


class SectionStream(ContentStream):
    section = SubsectionBlock(label=_("Subsection"))


class TopSectionBlock(SectionBlock):
    body = SectionStream(label=_("Content"))


class GateLineBlock(blocks.StaticBlock):
    class Meta:
        icon = "lock"
        label = _("Gate line")
        group = _("Structure")
        description = _("Everyone reads what stands above; what follows opens behind the gate")
        admin_text = _("Everyone reads what stands above. What follows opens behind the gate.")


class ArticleBody(ContentStream):
    section = TopSectionBlock()
    gate_line = GateLineBlock()

    class Meta:
        required = False
        block_counts = {"gate_line": {"max_num": 1}}

    def get_prep_value(self, value: Any) -> list[dict[str, Any]]:
        return identify(super().get_prep_value(value))


def identify(stream: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give an id to each stored block that has none, in place. Wagtail forgets what is nested."""
    for block in stream:
        if not block.get("id"):
            block["id"] = str(uuid4())
        if block["type"] == "section":
            identify(block["value"].get("body") or [])
    return stream


def walk(stream: Any, parents: Path = (), level: int = 1) -> Iterator[Placed]:
    """Every block of a StreamValue in document order, a section before its content."""
    for index, child in enumerate(stream or []):
        path = (*parents, index)
        is_section = child.block_type == "section"
        identity = child.id or "b" + "-".join(str(step) for step in path)
        yield Placed(child.block_type, path, identity, child.value, child.block, level if is_section else 0)
        if is_section:
            yield from walk(child.value["body"], path, level + 1)


def occurrences(placed: list[Placed]) -> Iterator[Occurrence]:
    """What cms.numbering has to count."""
    kinds: dict[str, NumberedKind] = {"section": "section", "figure": "figure", "table": "table"}
    for one in placed:
        if kind := kinds.get(one.type):
            key = "" if kind == "section" else one.value["key"] or ""
            yield Occurrence(kind, one.path, key, one.level)


def api_forms(placed: list[Placed], rendering: Rendering) -> list[dict[str, Any]]:
    """The API form of a walked body. Blocks nest as they stood; the gate line itself says nothing."""
    top: list[dict[str, Any]] = []
    bodies: dict[Path, list[dict[str, Any]]] = {(): top}
    for one in placed:
        if one.type == "gate_line":
            continue
        form: dict[str, Any] = {"type": one.type, "id": one.id}
        if number := rendering.numbering.of.get(one.path):
            if one.type == "section":
                form |= {
                    "number": number.text,
                    "anchor": one.anchor,
                    "heading": rendering.text(one.value["heading"]),
                    "level": one.level,
                    "body": bodies.setdefault(one.path, []),
                }
            else:
                form |= {"number": number.number, "label": number.text, "anchor": one.anchor}
        if one.type != "section":
            form |= one.block.api_form(one.value, rendering)
        bodies[one.path[:-1]].append(form)
    return top

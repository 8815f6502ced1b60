"""Blocks of structure: sections that nest to three levels, and the gate line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.kinds import BlockKind, Form, Gap
from cms.blocks.rendering import Rendering
from cms.json_schema import integer, list_of, ref, text
from cms.numbering import Series

Children = list[tuple[str, blocks.Block]]


class ContentStream(blocks.StreamBlock):
    """The blocks that any section may hold: every registered kind that holds text, then `local_blocks`."""

    class Meta:
        required = False

    def __init__(self, local_blocks: Children | None = None, **kwargs: Any) -> None:
        # Sections hold every kind, and are one themselves.
        from cms.blocks.registry import KINDS

        content = [(kind.kind, kind()) for kind in KINDS if not kind.is_structure]
        super().__init__([*content, *(local_blocks or [])], **kwargs)


class SectionBlock(BlockKind, blocks.StructBlock):
    """A section of the deepest level, which holds no further ones.

    Stored: {"heading": str, "body": [block…]}; sections nest to three levels, deeper ones do not exist.
    """

    kind = "section"
    series = Series(kind, anchor="sec", nested=True)
    is_structure = True
    holds_blocks = True
    schema_description = "A section; sections nest up to three levels."
    schema = {
        "number": text("Given by the system: 一 for level 1, （一） for level 2, 1. for level 3."),
        "anchor": text(),
        "heading": text(),
        "level": integer(minimum=1, maximum=3),
        "body": list_of(ref("Block")),
    }

    heading = blocks.CharBlock(label=_("Heading"), max_length=200, required=False)

    class Meta:
        icon = "title"
        label = _("Section")
        label_format = "{heading}"
        group = _("Structure")
        description = _("A part with a heading; numbered by the system")

    def __init__(self, local_blocks: Children | None = None, **kwargs: Any) -> None:
        body = ContentStream(self.subsections(), label=_("Content"))
        super().__init__([("body", body), *(local_blocks or [])], **kwargs)

    def subsections(self) -> Children:
        """The kind of section that may stand in this one, as a child of its body."""
        return []

    def api_form(self, value: Any, rendering: Rendering) -> Form:
        return {"heading": rendering.text(value["heading"])}

    def texts(self, value: Any) -> Iterator[tuple[str, str]]:
        yield "heading", value["heading"] or ""

    def gaps(self, value: Any) -> Iterator[Gap]:
        if not (value["heading"] or "").strip():
            yield Gap(gettext("the heading is missing"), "heading_missing", "heading")

    def passages(self, form: Form) -> Iterator[str]:
        yield form.get("heading", "")


class SubsectionBlock(SectionBlock):
    def subsections(self) -> Children:
        return [(self.kind, SectionBlock(label=_("Sub-subsection")))]


class TopSectionBlock(SectionBlock):
    def subsections(self) -> Children:
        return [(self.kind, SubsectionBlock(label=_("Subsection")))]


class GateLineBlock(BlockKind, blocks.StaticBlock):
    """The line behind which everything is gated. Stored: null; only on the top level, at most once."""

    kind = "gate_line"
    is_structure = True
    is_gate_line = True

    class Meta:
        icon = "lock"
        label = _("Gate line")
        group = _("Structure")
        description = _("Everyone reads what stands above; what follows opens behind the gate")
        admin_text = _("Everyone reads what stands above. What follows opens behind the gate.")

    def texts(self, value: Any) -> Iterator[tuple[str, str]]:
        return iter(())

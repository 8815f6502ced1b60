"""Raw StreamField values for article bodies, as editors and importers store them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

from cms.blocks.tables import grid

Block = dict[str, Any]


def block(kind: str, value: Any, name: str = "") -> Block:
    """name: gives the block an id that is the same in every run."""
    made = {"type": kind, "value": value}
    return made | {"id": str(uuid5(NAMESPACE_URL, f"block:{name}"))} if name else made


def paragraph(html: str, name: str = "") -> Block:
    return block("paragraph", html if html.startswith("<") else f"<p>{html}</p>", name)


def section(heading: str, *body: Block, name: str = "") -> Block:
    return block("section", {"heading": heading, "body": list(body)}, name)


def figure(key: str = "", *, name: str = "", **values: Any) -> Block:
    """A figure that may be published; its picture is not available unless image=pk is given."""
    complete = {
        "image": None,
        "caption": "肺部CT所见",
        "alt": "右肺上叶结节",
        "source": "示例医院",
        "licence": "CC-BY-4.0",
        "missing": values.get("image") is None,
    }
    return block("figure", complete | {"key": key} | values, name)


def table(
    key: str = "", rows: Any = (("药物", "剂量"), ("甲", "10 mg")), *, name: str = "", **values: Any
) -> Block:
    merges = values.pop("merges", ())
    head_rows = values.pop("head_rows", 1)
    value = {
        "key": key,
        "caption": "用药剂量",
        "grid": grid([list(row) for row in rows], merges=merges, head_rows=head_rows),
        "head_rows": head_rows,
        "note": "",
    }
    return block("table", value | values, name)


def steps(*items: tuple[str, str], name: str = "") -> Block:
    return block("steps", [{"title": title, "text": f"<p>{text}</p>"} for title, text in items], name)


def callout(text: str, *, tone: str = "note", title: str = "", name: str = "") -> Block:
    return block("callout", {"tone": tone, "title": title, "text": f"<p>{text}</p>"}, name)


def key_points(*points: str, name: str = "") -> Block:
    return block("key_points", list(points), name)


def references(*items: dict[str, str], name: str = "") -> Block:
    empty = {"text": "", "doi": "", "pmid": "", "url": ""}
    return block("references", [empty | item for item in items], name)


def gate_line(name: str = "") -> Block:
    return block("gate_line", None, name)


# What stands in a field that holds no text of its own.
_FIXED = (
    (blocks.StreamBlock, []),
    (blocks.URLBlock, "https://example.org/"),
    (blocks.StaticBlock, None),
    (blocks.BooleanBlock, 1),
    (blocks.IntegerBlock, 1),
)


def filled(kind: blocks.Block, text: Callable[[], str], image: int | None = None) -> Any:
    """A stored value of any block: each text is a new text(), pictures are `image`, lists have two items."""
    for fixed, value in _FIXED:
        if isinstance(kind, fixed):
            return value
    if isinstance(kind, blocks.StructBlock):
        return {name: filled(child, text, image) for name, child in kind.child_blocks.items()}
    if isinstance(kind, blocks.ListBlock):
        return [filled(kind.child_block, text, image) for _ in range(2)]
    return _filled_field(kind, text, image)


def _filled_field(kind: blocks.Block, text: Callable[[], str], image: int | None) -> Any:
    if isinstance(kind, ImageChooserBlock):
        return image
    if isinstance(kind, TableBlock):
        return grid([[text(), text()], [text(), text()]])
    if isinstance(kind, blocks.RichTextBlock):
        return f"<p>{text()}</p>"
    if isinstance(kind, blocks.ChoiceBlock):
        return next(iter(dict(kind.field.choices)))
    assert isinstance(kind, (blocks.CharBlock, blocks.TextBlock)), f"say here how {kind} is filled"
    return text()

"""The base class of block kinds: form, texts, rules and schema of a kind are one class.

No other package lists kinds. A kind is a Wagtail block with `BlockKind` before it. To add one:
docs/howto/add-a-block.md.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from wagtail.rich_text import RichText

from cms.blocks.rendering import Rendering
from cms.json_schema import Shape, record, text
from cms.numbering import Series

Form = dict[str, Any]
"""The API form of one block, as the ledger holds it and readers get it."""

_BREAKING_TAG = re.compile(r"</?(?:p|br|li|ul|ol|h[1-6]|blockquote|div|tr|td|th|hr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a block may not be published yet. field: the form's field that shows it, "" for the whole block."""

    message: str
    code: str
    field: str


class BlockKind:
    """A kind of block: its names, its API form, its texts, its rules and its JSON Schema.

    kind: its name, which is the `type` in the API and the name of its template on the reader site.
    series: how its blocks are numbered, None where they are not. A numbered kind has a field `key`, and its
        form gets "number", "label" and "anchor" without its own doing; its schema names them.
    is_structure: it holds no text of its own; an article of nothing else is empty.
    holds_blocks: it has the fields `heading` and `body`; its form gets "level" and "body".
    is_gate_line: what follows is gated; its blocks are not sent.
    is_figure: `figures_total` counts it.
    """

    kind: ClassVar[str]
    series: ClassVar[Series | None] = None
    is_structure: ClassVar[bool] = False
    holds_blocks: ClassVar[bool] = False
    is_gate_line: ClassVar[bool] = False
    is_figure: ClassVar[bool] = False

    schema_description: ClassVar[str] = ""
    schema: ClassVar[dict[str, Shape]] = {}
    """The members of its form; "type" and "id" come by themselves."""
    schema_parts: ClassVar[dict[str, Shape]] = {}
    """Components that the schema refers to, by their name in the OpenAPI document."""

    def api_form(self, value: Any, rendering: Rendering) -> Form:
        """What readers get of a stored value. Every text goes through `rendering`."""
        raise NotImplementedError

    def texts(self, value: Any) -> Iterator[tuple[str, str]]:
        """(field, text) of each stored text that `api_form` renders; it may refer to blocks and to pages."""
        raise NotImplementedError

    def gaps(self, value: Any) -> Iterator[Gap]:
        """Rules of publishing that this value breaks."""
        return iter(())

    def passages(self, form: Form) -> Iterator[str]:
        """Each text of a form that readers see, without markup, for the search."""
        raise NotImplementedError

    def reading_texts(self, form: Form) -> Iterator[str]:
        """The texts of a form, with or without markup, that are read word for word: they count as time."""
        return self.passages(form)

    def pictures(self, form: Form) -> Iterator[Form]:
        """The API forms of the pictures that a form shows."""
        return iter(())

    def stored_pictures(self, stored: dict[str, Any]) -> Iterator[int]:
        """The ids of the images in a stored JSON value, which may be incomplete."""
        return iter(())

    @classmethod
    def schema_name(cls) -> str:
        """KeyPointsBlock for key_points: its name in the OpenAPI document."""
        return "".join(part.title() for part in cls.kind.split("_")) + "Block"

    @classmethod
    def json_schema(cls) -> Shape:
        return record(cls.schema_description, {"type": {"const": cls.kind}, "id": text()} | cls.schema)


def source_of(value: RichText | str | None) -> str:
    """The stored HTML of a rich text, whether wrapped by Wagtail or not."""
    return value.source if isinstance(value, RichText) else (value or "")


def plain(markup: str) -> str:
    """Cleaned rich text -> text, a line for each paragraph. Superscripts stay with their word."""
    return html.unescape(_TAG.sub("", _BREAKING_TAG.sub("\n", markup))).strip()

"""Running text: paragraphs, titled steps, callouts, key points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from cms.blocks.kinds import BlockKind, Form, plain, source_of
from cms.blocks.rendering import Rendering
from cms.json_schema import HTML, integer, list_of, one_of, record, text

FEATURES = ["bold", "italic", "superscript", "subscript", "ol", "ul", "link"]
REFERENCE_HINT = _(
    "Refer to a figure or table by its key: [图:key] or [表:key]. The number follows by itself."
)


class ParagraphBlock(BlockKind, blocks.RichTextBlock):
    """Stored: rich text with <p> <b> <i> <sup> <sub> <a> <ol> <ul> <li> <br>; page links too."""

    kind = "paragraph"
    schema_description = "Running text."
    schema = {"html": HTML}

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")
        group = _("Text")
        description = _("Running text with emphasis, links and lists")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"features": FEATURES, "help_text": REFERENCE_HINT, "required": False} | kwargs))

    def api_form(self, value: RichText, rendering: Rendering) -> Form:
        return {"html": rendering.html(source_of(value))}

    def texts(self, value: RichText) -> Iterator[tuple[str, str]]:
        yield "", source_of(value)

    def passages(self, form: Form) -> Iterator[str]:
        yield plain(form.get("html", ""))

    def reading_texts(self, form: Form) -> Iterator[str]:
        yield form["html"]


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=FEATURES, required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")
        label_format = "{title}"


class StepsBlock(BlockKind, blocks.ListBlock):
    """Stored: [{"title": str, "text": rich text}], or each as Wagtail's {"type": "item", "id", "value"}."""

    kind = "steps"
    schema_description = "Titled steps in order."
    schema = {
        "items": list_of(record("A step.", {"number": integer(minimum=1), "title": text(), "html": HTML})),
    }

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        group = _("Text")
        description = _("What to do, one titled step after the other; numbered by the system")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(StepBlock(), **kwargs)

    def api_form(self, value: Any, rendering: Rendering) -> Form:
        return {
            "items": [
                {
                    "number": number,
                    "title": rendering.text(step["title"]),
                    "html": rendering.html(source_of(step["text"])),
                }
                for number, step in enumerate(value, start=1)
            ]
        }

    def texts(self, value: Any) -> Iterator[tuple[str, str]]:
        for step in value:
            yield "", f"{step['title'] or ''} {source_of(step['text'])}"

    def passages(self, form: Form) -> Iterator[str]:
        for item in form.get("items") or []:
            yield from (item.get("title", ""), plain(item.get("html", "")))

    def reading_texts(self, form: Form) -> Iterator[str]:
        for item in form["items"]:
            yield from (item["title"], item["html"])


class CalloutBlock(BlockKind, blocks.StructBlock):
    """Stored: {"tone": note|warning|tip, "title": str, "text": rich text}."""

    kind = "callout"
    schema_description = "A note, warning or tip."
    schema = {"tone": one_of("note", "warning", "tip"), "title": text(), "html": HTML}

    tone = blocks.ChoiceBlock(
        label=_("Tone"),
        choices=[("note", _("Note")), ("warning", _("Warning")), ("tip", _("Tip"))],
        default="note",
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=FEATURES, required=False)

    class Meta:
        icon = "warning"
        label = _("Callout")
        label_format = "{title}"
        group = _("Text")
        description = _("A note, warning or tip set apart from the text")

    def api_form(self, value: Any, rendering: Rendering) -> Form:
        return {
            "tone": value["tone"] or "note",
            "title": rendering.text(value["title"]),
            "html": rendering.html(source_of(value["text"])),
        }

    def texts(self, value: Any) -> Iterator[tuple[str, str]]:
        yield "title", value["title"] or ""
        yield "text", source_of(value["text"])

    def passages(self, form: Form) -> Iterator[str]:
        yield from (form.get("title", ""), plain(form.get("html", "")))

    def reading_texts(self, form: Form) -> Iterator[str]:
        yield from (form["title"], form["html"])


class KeyPointsBlock(BlockKind, blocks.ListBlock):
    """Stored: [str], or each as Wagtail's {"type": "item", "id", "value"}."""

    kind = "key_points"
    schema_description = "What to remember."
    schema = {"items": list_of(text())}

    class Meta:
        icon = "check"
        label = _("Key points")
        group = _("Text")
        description = _("What to take away, one sentence each")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.CharBlock(label=_("Key point"), max_length=500), **kwargs)

    def api_form(self, value: Any, rendering: Rendering) -> Form:
        return {"items": [rendering.text(point) for point in value]}

    def texts(self, value: Any) -> Iterator[tuple[str, str]]:
        yield from (("", point or "") for point in value)

    def passages(self, form: Form) -> Iterator[str]:
        yield from form.get("items") or []

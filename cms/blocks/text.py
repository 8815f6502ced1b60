"""Running text: paragraphs, titled steps, callouts, key points."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from cms.blocks.rendering import Rendering

FEATURES = ["bold", "italic", "superscript", "subscript", "ol", "ul", "link"]
REFERENCE_HINT = _(
    "Refer to a figure or table by its key: [图:key] or [表:key]. The number follows by itself."
)


def source_of(value: RichText | str | None) -> str:
    """The stored HTML of a rich text, whether wrapped by Wagtail or not."""
    return value.source if isinstance(value, RichText) else (value or "")


class ParagraphBlock(blocks.RichTextBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")
        group = _("Text")
        description = _("Running text with emphasis, links and lists")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"features": FEATURES, "help_text": REFERENCE_HINT, "required": False} | kwargs))

    def api_form(self, value: RichText, rendering: Rendering) -> dict[str, Any]:
        return {"html": rendering.html(source_of(value))}


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=FEATURES, required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")
        label_format = "{title}"


class StepsBlock(blocks.ListBlock):
    class Meta:
        icon = "list-ol"
        label = _("Steps")
        group = _("Text")
        description = _("What to do, one titled step after the other; numbered by the system")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(StepBlock(), **kwargs)

    def api_form(self, value: Any, rendering: Rendering) -> dict[str, Any]:
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


class CalloutBlock(blocks.StructBlock):
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

    def api_form(self, value: Any, rendering: Rendering) -> dict[str, Any]:
        return {
            "tone": value["tone"] or "note",
            "title": rendering.text(value["title"]),
            "html": rendering.html(source_of(value["text"])),
        }


class KeyPointsBlock(blocks.ListBlock):
    class Meta:
        icon = "check"
        label = _("Key points")
        group = _("Text")
        description = _("What to take away, one sentence each")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.CharBlock(label=_("Key point"), max_length=500), **kwargs)

    def api_form(self, value: Any, rendering: Rendering) -> dict[str, Any]:
        return {"items": [rendering.text(point) for point in value]}

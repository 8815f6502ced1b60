"""Figures: a picture with its caption and its rights, numbered by the system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from cms.blocks.kinds import BlockKind, Form, Gap
from cms.blocks.rendering import NO_RIGHTS, Rendering, Rights, rights_of_image
from cms.cross_references import KEY
from cms.json_schema import boolean, integer, list_of, nullable, record, ref, text
from cms.numbering import Series

KEY_VALIDATOR = RegexValidator(
    rf"^{KEY}$", _("A key has letters, digits, “_”, “-” and “.” only, and at most 64 of them.")
)


PICTURE = record(
    "The largest sensible address and one per width.",
    {
        "url": text(),
        "srcset": list_of(record("One width.", {"url": text(), "width": integer()})),
        "width": integer("Of the original, in pixels."),
        "height": integer("Of the original, in pixels."),
        "hash": text("Changes when the file is replaced; the addresses stay."),
    },
)


class FigureBlock(BlockKind, blocks.StructBlock):
    """A picture. Without one, the figure keeps its number, caption and source and shows as not available.

    Stored: {"key", "image": pk|null, "caption", "alt", "source", "licence": str, "missing": bool}.
    """

    kind = "figure"
    series = Series(kind, anchor="fig", chinese="图", english="Figure")
    is_figure = True
    schema_description = "A picture with its rights; not `available` where the file is missing."
    schema = {
        "number": integer(minimum=1),
        "label": text("图1; in running text, references link to `anchor`."),
        "anchor": text(),
        "caption": text(),
        "alt": text(),
        "source": text(),
        "licence": text(),
        "image": nullable(ref("Picture")),
        "available": boolean(),
    }
    schema_parts = {"Picture": PICTURE}

    image = ImageChooserBlock(label=_("Image"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=1000, required=False)
    alt = blocks.CharBlock(
        label=_("Alternative text"),
        max_length=1000,
        required=False,
        help_text=_(
            "What the picture shows, for readers who cannot see it. Empty: the text of the image is used."
        ),
    )
    source = blocks.CharBlock(
        label=_("Source"),
        max_length=300,
        required=False,
        help_text=_("Where the picture comes from. Empty: the source of the image is used."),
    )
    licence = blocks.CharBlock(
        label=_("Licence"),
        max_length=120,
        required=False,
        help_text=_(
            "For example CC-BY-4.0, or the permission given. Empty: the licence of the image is used."
        ),
    )
    key = blocks.CharBlock(
        label=_("Key"),
        max_length=64,
        required=False,
        validators=[KEY_VALIDATOR],
        help_text=_("Only needed to refer to this figure in the text: [图:key]"),
    )
    missing = blocks.BooleanBlock(
        label=_("The picture is not available"),
        required=False,
        help_text=_("Publish the figure with its caption and source, without the picture"),
    )

    class Meta:
        icon = "image"
        label = _("Figure")
        label_format = "{caption}"
        group = _("Figures and tables")
        description = _("A picture with caption, source and licence; numbered by the system")

    def api_form(self, value: Any, rendering: Rendering) -> Form:
        image = value["image"]
        rights = rights_of(value, rendering.image_rights(image) if image else NO_RIGHTS)
        return {
            "caption": rendering.text(value["caption"]),
            "alt": rights["alt"],
            "source": rights["source"],
            "licence": rights["licence"],
            "image": rendering.image(image) if image else None,
            "available": image is not None,
        }

    def texts(self, value: Any) -> Iterator[tuple[str, str]]:
        yield "caption", value["caption"] or ""

    def gaps(self, value: Any) -> Iterator[Gap]:
        rights = rights_of(value, rights_of_image(value["image"]))
        if not rights["alt"].strip():
            yield Gap(gettext("the alternative text is missing"), "figure_alt_missing", "alt")
        if not rights["source"].strip():
            yield Gap(gettext("the source is missing"), "figure_source_missing", "source")
        if not rights["licence"].strip():
            yield Gap(gettext("the licence is missing"), "figure_licence_missing", "licence")
        if value["image"] is None and not value["missing"]:
            message = gettext("the picture is missing, and not marked as not available")
            yield Gap(message, "figure_image_missing", "image")

    def passages(self, form: Form) -> Iterator[str]:
        yield f"{form.get('label', '')} {form.get('caption', '')}"
        yield from (form.get("alt", ""), form.get("source", ""))

    def reading_texts(self, form: Form) -> Iterator[str]:
        yield form["caption"]

    def pictures(self, form: Form) -> Iterator[Form]:
        if form["image"]:
            yield form["image"]

    def stored_pictures(self, stored: dict[str, Any]) -> Iterator[int]:
        if isinstance(stored.get("image"), int):
            yield stored["image"]


def rights_of(value: Any, image_rights: Rights) -> Rights:
    """alt, source and licence of a figure: its own, else those of its image."""
    return Rights(
        alt=value["alt"] or image_rights["alt"],
        source=value["source"] or image_rights["source"],
        licence=value["licence"] or image_rights["licence"],
    )

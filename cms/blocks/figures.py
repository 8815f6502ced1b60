"""Figures: a picture with its caption and its rights, numbered by the system."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from cms.blocks.rendering import Rendering
from cms.cross_references import KEY

KEY_VALIDATOR = RegexValidator(
    rf"^{KEY}$", _("A key has letters, digits, “_”, “-” and “.” only, and at most 64 of them.")
)


class FigureBlock(blocks.StructBlock):
    """A picture. Without one, the figure keeps its number, caption and source and shows as not available."""

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

    def api_form(self, value: Any, rendering: Rendering) -> dict[str, Any]:
        image = value["image"]
        rights = rights_of(value)
        return {
            "caption": rendering.text(value["caption"]),
            "alt": rights["alt"],
            "source": rights["source"],
            "licence": rights["licence"],
            "image": rendering.image(image) if image else None,
            "available": image is not None,
        }


def rights_of(value: Any) -> dict[str, str]:
    """alt, source and licence of a figure: its own, else those of its image."""
    image = value["image"]
    return {
        "alt": value["alt"] or (image.default_alt if image else ""),
        "source": value["source"] or (image.source if image else ""),
        "licence": value["licence"] or (image.licence if image else ""),
    }

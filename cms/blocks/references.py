"""The list of literature at the end."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.rendering import Rendering

DOI = RegexValidator(
    r"^10\.\d{4,9}/\S+$", _("A DOI starts with “10.” and has a “/”, for example 10.1000/182.")
)
PMID = RegexValidator(r"^\d{1,9}$", _("A PMID is a number."))


class ReferenceBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Citation"), rows=2, required=False)
    doi = blocks.CharBlock(label=_("DOI"), required=False, max_length=200, validators=[DOI])
    pmid = blocks.CharBlock(label=_("PMID"), required=False, max_length=9, validators=[PMID])
    url = blocks.URLBlock(label=_("Link"), required=False, max_length=1000)

    class Meta:
        icon = "link"
        label = _("Reference")
        label_format = "{text}"


class ReferencesBlock(blocks.ListBlock):
    class Meta:
        icon = "openquote"
        label = _("References")
        group = _("Structure")
        description = _("The literature that the article cites; numbered by the system")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ReferenceBlock(), **kwargs)

    def api_form(self, value: Any, rendering: Rendering) -> dict[str, Any]:
        return {
            "items": [
                {
                    "number": number,
                    "text": reference["text"] or "",
                    "doi": reference["doi"] or "",
                    "pmid": reference["pmid"] or "",
                    "url": safe_url(reference["url"]),
                }
                for number, reference in enumerate(value, start=1)
            ]
        }


def safe_url(url: str | None) -> str:
    """The link, if it leads to the web; an import may have stored anything."""
    return url if url and url.startswith(("https://", "http://")) else ""

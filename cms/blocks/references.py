"""The block for the list of literature at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.kinds import BlockKind, Form
from cms.blocks.rendering import Rendering
from cms.json_schema import integer, list_of, record, ref, text

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


class ReferencesBlock(BlockKind, blocks.ListBlock):
    """Stored: [{"text", "doi", "pmid", "url"}], or each as Wagtail's {"type": "item", "id", "value"}."""

    kind = "references"
    schema_description = "The literature."
    schema = {"items": list_of(ref("Reference"))}
    schema_parts = {
        "Reference": record(
            "One entry of the literature.",
            {"number": integer(minimum=1), "text": text(), "doi": text(), "pmid": text(), "url": text()},
        )
    }

    class Meta:
        icon = "openquote"
        label = _("References")
        group = _("Structure")
        description = _("The literature that the article cites; numbered by the system")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ReferenceBlock(), **kwargs)

    def api_form(self, value: Any, rendering: Rendering) -> Form:
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

    def texts(self, value: Any) -> Iterator[tuple[str, str]]:
        # A citation is reproduced word for word: [图:a] in it is no reference of ours.
        return iter(())

    def passages(self, form: Form) -> Iterator[str]:
        yield from (item.get("text", "") for item in form.get("items") or [])

    def reading_texts(self, form: Form) -> Iterator[str]:
        # Looked up, not read.
        return iter(())


def safe_url(url: str | None) -> str:
    """The link, if its scheme is http or https; an import may have stored any text."""
    return url if url and url.startswith(("https://", "http://")) else ""

"""The context for rendering the blocks of one article: numbers, anchors, pages and pictures."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

import nh3

from cms import cross_references
from cms.addresses import DEFAULT_IMAGE_WIDTH, IMAGE_WIDTHS, image_path
from cms.numbering import Numbering, Path, Series

if TYPE_CHECKING:
    from cms.models.media import XinglinImage

TAGS = {"p", "b", "strong", "i", "em", "sup", "sub", "a", "ol", "ul", "li", "br"}
_LINK = re.compile(r"<a\s([^<>]*)>")
_ATTRIBUTE = re.compile(r'(?<![\w-])([\w-]+)="([^"]*)"')
ImageAddress = Callable[["XinglinImage", int], str]


class Rights(TypedDict):
    alt: str
    source: str
    licence: str


NO_RIGHTS = Rights(alt="", source="", licence="")


def rights_of_image(image: XinglinImage | None) -> Rights:
    if image is None:
        return NO_RIGHTS
    return Rights(alt=image.default_alt, source=image.source, licence=image.licence)


@dataclass(slots=True)
class Rendering:
    """One pass over one article.

    article_id, locale: of the page. numbering: of its whole body. words: of its references.
    anchors: of the numbered blocks by path.
    pages: address by page id of the pages its texts link to. image_address: (image, width) to URL;
    readers get the API's addresses, an editor's preview the files of the admin.
    open_to: index of the first top-level block that is gated, or None; references that point behind it carry
    no link, because the anchor would reveal an editor's key.
    """

    article_id: UUID
    locale: str
    numbering: Numbering
    words: cross_references.Words
    anchors: dict[Path, str]
    pages: dict[int, str] = field(default_factory=dict)
    image_address: ImageAddress | None = None
    open_to: int | None = None

    def text(self, text: str) -> str:
        """A plain text with its references written out: 见[图:a] becomes 见图1."""
        return cross_references.replace(text or "", self.words, self._label)

    def html(self, source: str) -> str:
        """A rich text as safe HTML, its references as links to the block."""
        linked = cross_references.replace_in_html(source or "", self.words, self._link)
        return nh3.clean(
            _LINK.sub(self._page_link, linked),
            tags=TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        )

    def image(self, image: XinglinImage) -> dict[str, object]:
        """The API form of a picture. hash changes when the file is replaced, the addresses do not."""
        widths = [width for width in IMAGE_WIDTHS if width < image.width]
        widths += [width for width in IMAGE_WIDTHS if width >= image.width][:1]
        return {
            "url": self._address(image, DEFAULT_IMAGE_WIDTH),
            "srcset": [
                {"url": self._address(image, width), "width": min(width, image.width)} for width in widths
            ],
            "width": image.width,
            "height": image.height,
            "hash": image.file_hash,
        }

    def image_rights(self, image: XinglinImage) -> Rights:
        """The rights of an image, for a block that has none of its own."""
        return rights_of_image(image)

    def page_address(self, page_id: int) -> str | None:
        """The address of a page on the site; None for a page that readers cannot open."""
        return self.pages.get(page_id)

    def _address(self, image: XinglinImage, width: int) -> str:
        if self.image_address:
            return self.image_address(image, width)
        return image_path(self.article_id, image.uuid, width)

    def _label(self, series: Series, key: str) -> str:
        target = self.numbering.targets.get((series.kind, key))
        # Publishing refuses an unknown key; only a preview shows the question mark.
        return target.text if target else series.label("?", self.locale)

    def _link(self, series: Series, key: str) -> str:
        text = html.escape(self._label(series, key))
        target = self.numbering.targets.get((series.kind, key))
        if target is None or (self.open_to is not None and target.path[0] >= self.open_to):
            return text
        return f'<a href="#{html.escape(self.anchors[target.path])}">{text}</a>'

    def _page_link(self, found: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(found[1]))
        if "linktype" not in attributes:
            return found[0]
        page = attributes.get("id", "")
        is_page = page.isdigit() and attributes["linktype"] == "page"
        address = self.page_address(int(page)) if is_page else None
        return f'<a href="{html.escape(address)}">' if address else "<a>"


class OwnText(Rendering):
    """Renders what the article itself holds: a picture or page that changes beside it changes no text."""

    def image(self, image: XinglinImage) -> dict[str, object]:
        return {"id": image.pk}

    def image_rights(self, image: XinglinImage) -> Rights:
        return NO_RIGHTS

    def page_address(self, page_id: int) -> str | None:
        return f"/{page_id}"

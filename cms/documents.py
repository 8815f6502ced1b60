"""The JSON of an article: teaser, public document and full document, exactly as the API sends them.

Facts only: nothing here depends on the user, on the time, or on the active language.
"""

from __future__ import annotations

import hashlib
import html
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects

from cms.addresses import article_path, zone_path
from cms.blocks import registry
from cms.blocks.body import Placed, api_forms, occurrences, walk
from cms.blocks.rendering import ImageAddress, OwnText, Rendering
from cms.numbering import Numbering, number

if TYPE_CHECKING:
    from cms.models import ArticlePage

CHINESE_CHARACTERS_PER_MINUTE = 400
"""Silent reading of expository Chinese runs at 300 to 500 characters a minute."""
LATIN_WORDS_PER_MINUTE = 230

_TAG = re.compile(r"<[^<>]*>")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z0-9][\w\-.']*")
_PAGE_LINK = re.compile(r'<a\s[^<>]*linktype="page"[^<>]*>')
_PAGE_ID = re.compile(r'\bid="(\d+)"')


@dataclass(frozen=True, slots=True)
class Documents:
    """Three JSON texts. public: the blocks above the gate line; equal to full for public articles."""

    teaser: str
    public: str
    full: str


def build(article: ArticlePage) -> Documents:
    """The documents of an article as it is on this object. It must stand in a zone.

    Costs a constant number of queries however long the article is.
    """
    return Outline(article).documents()


def preview_document(article: ArticlePage) -> dict[str, Any]:
    """The full document of a draft. Its pictures come from the admin, because the gate knows no drafts."""
    return Outline(article, image_address=_staff_image).document()


def canonical(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def digest(*said: str) -> str:
    """Hex SHA-256 over the UTF-8 texts, joined by NUL, which no JSON text contains.

    For a live row: article id, zone id, teaser, public and full document. For a withdrawn one: article id
    and the word "withdrawn".
    """
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


class Outline:
    """An article, walked once: its blocks in order, their texts and numbers, and where the gate line stands.

    A caller that needs more than one of these makes one outline and hands it on.
    """

    def __init__(self, article: ArticlePage, image_address: ImageAddress | None = None) -> None:
        self.article = article
        self.placed: list[Placed] = list(walk(article.body))
        self.locale: str = article.locale.language_code
        self.words = registry.reference_words()
        self.numbering: Numbering = number(occurrences(self.placed), self.locale)
        self.gate_line = next((one.path[0] for one in self.placed if one.kind.is_gate_line), 0)
        self._image_address = image_address

    @cached_property
    def texts(self) -> list[tuple[Placed, str, str]]:
        """(block, field, text) of each stored text that may refer to a block or link to a page."""
        return [(one, field, text) for one in self.placed for field, text in one.kind.texts(one.value)]

    @cached_property
    def pages(self) -> dict[int, str]:
        """Addresses of the pages that the texts link to, by page id. Two queries at most."""
        return linked_pages(text for _one, _field, text in self.texts)

    def documents(self) -> Documents:
        full = self.document()
        teaser = {
            key: full[key] for key in full if key not in ("contents", "figures_total", "body", "locked")
        }
        public = full if teaser["audience"] == "public" else self.document(teaser, up_to=self.gate_line)
        return Documents(teaser=canonical(teaser), public=canonical(public), full=canonical(full))

    def document(self, teaser: dict[str, Any] | None = None, up_to: int | None = None) -> dict[str, Any]:
        """The document of the top-level blocks before up_to; of all of them without."""
        placed = [one for one in self.placed if up_to is None or one.path[0] < up_to]
        rendering = self.rendering(up_to)
        body = api_forms(placed, rendering)
        return (teaser or self._teaser(body)) | {
            "contents": [
                {
                    "anchor": one.anchor,
                    "number": self.numbering.of[one.path].text,
                    "title": rendering.text(one.value["heading"]),
                    "level": one.level,
                }
                for one in placed
                if one.kind.holds_blocks
            ],
            "figures_total": sum(one.kind.is_figure for one in self.placed),
            "body": body,
            "locked": None,
        }

    def rendering(self, up_to: int | None = None) -> Rendering:
        """How readers are given the blocks before up_to."""
        return Rendering(**self._facts(), pages=self.pages, image_address=self._image_address, open_to=up_to)

    def own_rendering(self) -> OwnText:
        """How two states of the article are compared."""
        return OwnText(**self._facts())

    def _facts(self) -> dict[str, Any]:
        return {
            "article_id": self.article.uuid,
            "locale": self.locale,
            "numbering": self.numbering,
            "words": self.words,
            "anchors": {one.path: one.anchor for one in self.placed if one.kind.series},
        }

    def _teaser(self, body: list[dict[str, Any]]) -> dict[str, Any]:
        article, zone = self.article, self.article.zone
        return {
            "id": str(article.uuid),
            "title": article.title,
            "slug": article.slug,
            "path": article_path(article.uuid),
            "locale": self.locale,
            "summary": article.summary,
            "date": article.date.isoformat(),
            "originality": article.originality,
            "byline": byline(article),
            "source": source(article),
            "zone": {"slug": zone.slug, "title": zone.title} if zone else None,
            "audience": str(article.effective_audience),
            "reading_minutes": reading_minutes(body),
        }


def byline(article: ArticlePage) -> list[dict[str, str]]:
    authors = list(article.byline.all())
    prefetch_related_objects(authors, "contributor")
    return [
        {"kind": who.kind, "name": who.name, "title": who.title, "affiliation": who.affiliation}
        for who in (author.contributor for author in authors)
    ]


def source(article: ArticlePage) -> dict[str, str] | None:
    """The origin of a republished or translated article; None for an article without any."""
    parts = {
        "organisation": article.source_organisation,
        "url": article.source_url,
        "permission": article.source_permission,
    }
    return parts if any(parts.values()) else None


def linked_pages(texts: Iterable[str]) -> dict[int, str]:
    """Addresses of the pages that rich texts link to, by page id. Two queries at most."""
    from cms.models import ArticlePage, ZonePage

    links = (link for text in texts for link in _PAGE_LINK.findall(text))
    ids = {int(found[1]) for link in links if (found := _PAGE_ID.search(link))}
    if not ids:
        return {}
    articles = ArticlePage.objects.filter(pk__in=ids).values_list("pk", "uuid")
    zones = ZonePage.objects.filter(pk__in=ids).values_list("pk", "slug")
    return {pk: article_path(uuid) for pk, uuid in articles} | {pk: zone_path(slug) for pk, slug in zones}


def reading_minutes(body: list[dict[str, Any]]) -> int:
    """Reading time in whole minutes, at least 1. Tables and references do not count."""
    read = (text for kind, form in registry.walk_forms(body) for text in kind.reading_texts(form))
    text = " ".join(html.unescape(_TAG.sub(" ", one)) for one in read)
    minutes = len(_CHINESE.findall(text)) / CHINESE_CHARACTERS_PER_MINUTE
    minutes += len(_LATIN.findall(text)) / LATIN_WORDS_PER_MINUTE
    return max(1, math.ceil(minutes))


def _staff_image(image: Any, width: int) -> str:
    return str(image.get_rendition(f"width-{width}").url)

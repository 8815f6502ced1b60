"""Zones, teasers, articles and the blocks of their bodies: what cms/publishing.py writes into the ledger."""

from __future__ import annotations

from api.shapes import HTML, UUID, Shape, boolean, integer, list_of, nullable, one_of, record, ref, text

AUDIENCE = one_of("public", "registered", "hcp", description="Who may read the whole text.")

_ZONE = {
    "id": UUID,
    "slug": text(),
    "title": text(),
    "path": text("The zone on the reader site."),
    "locale": text(),
    "summary": text(),
    "audience": AUDIENCE,
    "articles": integer("How many articles are published in the zone.", minimum=0),
    "gate": text("Where the zone's gate is explained and walked."),
}

_TEASER = {
    "id": UUID,
    "title": text(),
    "slug": text(),
    "path": text("The article on the reader site."),
    "locale": text(),
    "summary": text(),
    "date": text(format="date"),
    "originality": one_of("original", "republished", "translated"),
    "byline": list_of(ref("Contributor")),
    "source": nullable(ref("Source")),
    "zone": record("The zone the article belongs to.", {"slug": text(), "title": text()}),
    "audience": AUDIENCE,
    "reading_minutes": integer("For the whole article, at a physician's pace.", minimum=0),
}

_READABLE = boolean("Whether this reader would get the whole article.")


def _block(kind: str, description: str, properties: dict[str, Shape]) -> Shape:
    return record(description, {"type": {"const": kind}, "id": text()} | properties)


_BLOCKS: dict[str, Shape] = {
    "SectionBlock": _block("section", "A section; sections nest up to three levels.", {
        "number": text("Given by the system: 一 for level 1, （一） for level 2, 1. for level 3."),
        "anchor": text(),
        "heading": text(),
        "level": integer(minimum=1, maximum=3),
        "body": list_of(ref("Block")),
    }),
    "ParagraphBlock": _block("paragraph", "Running text.", {"html": HTML}),
    "StepsBlock": _block("steps", "Titled steps in order.", {
        "items": list_of(record("A step.", {"number": integer(minimum=1), "title": text(), "html": HTML})),
    }),
    "FigureBlock": _block("figure", "A picture with its rights; not `available` where the file is missing.", {
        "number": integer(minimum=1),
        "label": text("图1; in running text, references link to `anchor`."),
        "anchor": text(),
        "caption": text(),
        "alt": text(),
        "source": text(),
        "licence": text(),
        "image": nullable(ref("Picture")),
        "available": boolean(),
    }),
    "TableBlock": _block("table", "A table; it may be wider than a phone.", {
        "number": integer(minimum=1),
        "label": text(),
        "anchor": text(),
        "caption": text(),
        "head": list_of(list_of(ref("Cell"))),
        "rows": list_of(list_of(ref("Cell"))),
        "note": text(),
    }),
    "CalloutBlock": _block("callout", "A note, warning or tip.", {
        "tone": one_of("note", "warning", "tip"),
        "title": text(),
        "html": HTML,
    }),
    "KeyPointsBlock": _block("key_points", "What to remember.", {"items": list_of(text())}),
    "ReferencesBlock": _block("references", "The literature.", {"items": list_of(ref("Reference"))}),
}  # fmt: skip

SHAPES: dict[str, Shape] = {
    "Zone": record("A section of the site with one gate.", _ZONE),
    "ZoneList": record("All live zones.", {"items": list_of(ref("Zone"))}),
    "Contributor": record("A person or organisation of the byline.", {
        "kind": one_of("person", "organisation"),
        "name": text(),
        "title": text(),
        "affiliation": text(),
    }),
    "Source": record("Where a republished or translated article comes from.", {
        "organisation": text(), "url": text(), "permission": text(),
    }),
    "Picture": record("The largest sensible address and one per width.", {
        "url": text(),
        "srcset": list_of(record("One width.", {"url": text(), "width": integer()})),
        "width": integer("Of the original, in pixels."),
        "height": integer("Of the original, in pixels."),
        "hash": text("Changes when the file is replaced; the addresses stay."),
    }),
    "Cell": record("A table cell.", {
        "text": text(), "colspan": integer(minimum=1), "rowspan": integer(minimum=1),
    }),
    "Reference": record("One entry of the literature.", {
        "number": integer(minimum=1), "text": text(), "doi": text(), "pmid": text(), "url": text(),
    }),
    **_BLOCKS,
    "Block": {
        "description": "One block of a body. `type` says which.",
        "oneOf": [ref(name) for name in _BLOCKS],
    },
    "Heading": record("A line of the table of contents.", {
        "anchor": text(), "number": text(), "title": text(), "level": integer(minimum=1, maximum=3),
    }),
    "Teaser": record("What everyone may see of an article.", _TEASER | {"readable": _READABLE}),
    "ArticleList": record("A page of teasers, newest first.", {
        "items": list_of(ref("Teaser")),
        "next_cursor": nullable(text("Give it as `cursor` for the next page; null on the last page.")),
    }),
    "Article": record("The whole article, or its public part with `locked`.", _TEASER | {
        "contents": list_of(ref("Heading")),
        "figures_total": integer("Figures of the whole article.", minimum=0),
        "body": list_of(ref("Block")),
        "locked": nullable(ref("Locked")),
    }),
}  # fmt: skip

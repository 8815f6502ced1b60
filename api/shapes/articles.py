"""Shapes of zones, teasers and articles: what cms/publishing.py writes into the ledger."""

from __future__ import annotations

from api.shapes import UUID, Shape, boolean, integer, list_of, nullable, one_of, record, ref, text
from cms.blocks.registry import sent_kinds

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


def block_shapes() -> dict[str, Shape]:
    """The shapes of all kinds of blocks, by their names in the OpenAPI document, and `Block`: one of them."""
    sent = sent_kinds()
    parts = {name: part for kind in sent for name, part in kind.schema_parts.items()}
    return (
        parts
        | {kind.schema_name(): kind.json_schema() for kind in sent}
        | {
            "Block": {
                "description": "One block of a body. `type` says which.",
                "oneOf": [ref(kind.schema_name()) for kind in sent],
            }
        }
    )


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

"""The shape of search results."""

from __future__ import annotations

from api.shapes import Shape, integer, list_of, nullable, record, ref, text
from api.shapes.articles import SHAPES as ARTICLES

_TEASER = ARTICLES["Teaser"]["properties"]

SHAPES: dict[str, Shape] = {
    "SearchHit": record("A teaser with the passage that shows why it was found.", _TEASER | {
        "title_html": text("The title, escaped, the found words in <mark>."),
        "excerpt_html": text("A passage that this reader may see, escaped, the found words in <mark>."),
    }),
    "SearchPage": record("A page of results, best first.", {
        "query": text(),
        "zone": nullable(text()),
        "total": integer("All matches among what this reader may see.", minimum=0),
        "page": integer(minimum=1),
        "size": integer(minimum=1),
        "pages": integer("How many pages can be asked for.", minimum=0),
        "items": list_of(ref("SearchHit")),
    }),
}  # fmt: skip

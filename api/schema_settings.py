"""The general part of the OpenAPI document, and the components that no view brings along."""

from __future__ import annotations

from typing import Any

from api.shapes import Shape, account, articles, consents, gate, own_data, problems, search

DESCRIPTION = """\
Articles of a medical publisher whose full text opens to readers who passed their zone's gate.

**Locked is an answer.** An article that the reader may not read is a 200 with its public part and `locked`:
the reason, a message, the next step and where to take it. Send the reader there and ask again.

**Strict.** Unknown or repeated query parameters are a 400. Errors are RFC 9457 problems; each `type` is an
address that describes it. Texts follow `Accept-Language` (`zh-hans`, `en`).

**Signing in.** OpenID Connect (authorization code with PKCE) under `/identity/`, or the site's session.

**Limits.** By default 3000 reads, 240 searches and 60 writes in a minute for each reader. `RateLimit-Policy`
on every response states what holds here, `RateLimit` what is left of it (`r`) for how many seconds (`t`). One
request too many is a 429 with `Retry-After`.

**Caching.** What is the same for everyone is `public` with an `ETag`; everything else is `private, no-store`.
"""

TAGS = [
    {"name": "zones", "description": "The sections of the site, each with one gate."},
    {"name": "articles", "description": "Teasers, whole and locked articles, and their pictures."},
    {
        "name": "gate",
        "description": "Where a reader stands in a gate, its steps, and the verification.",
    },
    {"name": "search", "description": "Search over what the reader may see."},
    {"name": "account", "description": "The signed-in user."},
    {"name": "about", "description": "This document, its pages and the kinds of problems."},
]


def components() -> dict[str, Shape]:
    """The components by name; those of blocks come from the kinds that are registered."""
    return {
        **problems.SHAPES, **articles.SHAPES, **articles.block_shapes(), **gate.SHAPES, **search.SHAPES,
        **account.SHAPES, **own_data.SHAPES, **consents.SHAPES,
    }  # fmt: skip


SETTINGS: dict[str, Any] = {
    "TITLE": "Xinglin",
    "DESCRIPTION": DESCRIPTION,
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "TAGS": TAGS,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enum_id_removal",
        "api.schema_examples.add_examples",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

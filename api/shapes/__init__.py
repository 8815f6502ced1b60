"""The shapes of bodies as JSON Schema 2020-12, the components of the OpenAPI document.

Written by hand, because most bodies come from the ledger and not from serializers. Tests hold every golden
answer against them, so that the document never says anything else than the API. What a kind of block is made
of, the kind itself says (`cms.blocks`).
"""

from __future__ import annotations

from cms.json_schema import (
    HTML,
    MOMENT,
    UUID,
    Shape,
    boolean,
    integer,
    list_of,
    nullable,
    number,
    one_of,
    record,
    ref,
    text,
)

__all__ = [
    "HTML",
    "MOMENT",
    "UUID",
    "Shape",
    "boolean",
    "integer",
    "list_of",
    "nullable",
    "number",
    "one_of",
    "record",
    "ref",
    "text",
]

"""The shapes of bodies as JSON Schema 2020-12, the components of the OpenAPI document.

Written by hand, because most bodies come from the ledger and not from serializers. Tests compare every
golden response with them, so that document and API cannot differ. Each kind of block defines its own shape
(`cms.blocks`).
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

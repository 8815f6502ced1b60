"""Answers of the API: as committed in tests/contracts, and as the OpenAPI document promises them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema

from api.schema_settings import components


def assert_golden(golden: Callable[[str, Any], None], name: str, data: Any, shape: str) -> None:
    """The answer is the committed one, and has the promised shape. `golden` is the fixture."""
    assert_shape(data, shape)
    golden(f"tests/contracts/api_{name}.json", data)


def assert_shape(data: Any, shape: str) -> None:
    """Raise jsonschema.ValidationError unless `data` is a `shape`."""
    schemas = {"components": {"schemas": components()}}
    jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{shape}"} | schemas).validate(data)

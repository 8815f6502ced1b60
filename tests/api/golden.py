"""Golden answers: the JSON that clients rely on, as files. `XINGLIN_WRITE_GOLDEN=1` writes them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema

from api.schema_settings import components

FOLDER = Path(__file__).parents[1] / "contracts"


def assert_golden(name: str, data: Any, shape: str) -> None:
    """The answer is byte for byte the committed one, and has the shape that the OpenAPI document promises."""
    assert_shape(data, shape)
    path = FOLDER / f"api_{name}.json"
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("XINGLIN_WRITE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def assert_shape(data: Any, shape: str) -> None:
    """Raise jsonschema.ValidationError unless `data` is a `shape`."""
    schemas = {"components": {"schemas": components()}}
    jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{shape}"} | schemas).validate(data)

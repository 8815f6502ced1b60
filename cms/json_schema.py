"""Short functions that build JSON Schema 2020-12, for every module that defines a part of the API."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]


def ref(name: str) -> Shape:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(description: str, properties: dict[str, Shape], *, optional: tuple[str, ...] = ()) -> Shape:
    """An object with exactly these members, all required but the `optional` ones."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def nullable(shape: Shape) -> Shape:
    """The shape or null."""
    return {"oneOf": [shape, {"type": "null"}]}


def list_of(shape: Shape) -> Shape:
    """An array."""
    return {"type": "array", "items": shape}


def text(description: str = "", **more: Any) -> Shape:
    """A string."""
    return {"type": "string", **({"description": description} if description else {}), **more}


def integer(description: str = "", **more: Any) -> Shape:
    """A whole number."""
    return {"type": "integer", **({"description": description} if description else {}), **more}


def number(description: str = "", **more: Any) -> Shape:
    """A number, whole or not."""
    return {"type": "number", **({"description": description} if description else {}), **more}


def boolean(description: str = "") -> Shape:
    """True or false."""
    return {"type": "boolean", "description": description}


def one_of(*values: str, description: str = "") -> Shape:
    """One of a fixed set of words."""
    return {"type": "string", "enum": list(values), **({"description": description} if description else {})}


HTML = text("Cleaned HTML: p, a, b, i, sub, sup, lists. Safe to insert.")
UUID = text(format="uuid")
MOMENT = text(format="date-time")

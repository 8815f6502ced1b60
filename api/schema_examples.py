"""Examples for the OpenAPI document: one per component, shown at every body that has that component."""

from __future__ import annotations

from typing import Any

from api.problems import FieldError, Problem
from api.shapes.examples import EXAMPLES
from api.shapes.gate_examples import NEXT_STEP


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's postprocessing hook: put EXAMPLES beside each reference to their component."""
    for path_item in result["paths"].values():
        for operation in path_item.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                for content in body.get("content", {}).values():
                    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
                    if name == "Problem":
                        content["example"] = _problem(body["description"].partition(":")[0])
                    elif name in EXAMPLES:
                        content["example"] = EXAMPLES[name]
    return result


def _problem(code: str) -> dict[str, Any]:
    """A problem of this kind, with an error or a next step where that kind has them."""
    problem = Problem(code)
    if code in ("unknown_parameter", "invalid_parameter"):
        problem.errors = (FieldError("limit", "Give a whole number from 1 to 100.", code),)
    elif code == "invalid":
        problem.errors = (FieldError("licence_number", "This field is required.", "required"),)
    elif problem.kind.status == 409:
        problem.next_step, problem.extra = NEXT_STEP, {"reason": "agreement_required"}
    return problem.as_json()

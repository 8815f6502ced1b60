"""The OpenAPI document: complete, without warnings, valid, and the one that is committed."""

from __future__ import annotations

import re

import jsonschema
import pytest
import yaml
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from api.problem_kinds import KINDS
from api.resource import NotFoundResource, Resource
from api.schema import PROBLEM, as_yaml, document
from api.schema_settings import components
from api.shapes.examples import EXAMPLES


def operations():
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components()}}
    )


def test_the_generator_has_nothing_to_warn_of():
    document.cache_clear()
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        document()
    assert not GENERATOR_STATS, GENERATOR_STATS._warn_cache | GENERATOR_STATS._error_cache


def test_the_document_is_valid_openapi_3_1():
    assert document()["openapi"].startswith("3.1")
    validate_schema(document())


def test_the_committed_document_is_the_current_one(golden):
    """Changing the API is a deliberate commit."""
    golden("docs/openapi.yaml", as_yaml())
    assert yaml.safe_load(as_yaml()) == document()


def test_every_resource_is_described():
    described = set(document()["paths"])
    patterns = next(
        pattern.url_patterns for pattern in get_resolver().url_patterns if str(pattern.pattern) == "api/v1/"
    )
    for pattern in patterns:
        view = getattr(pattern.callback, "cls", None)
        if view is None or view is NotFoundResource:
            continue
        assert issubclass(view, Resource)
        plain = "/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        assert plain in described, plain


def test_every_operation_says_what_it_does():
    for name, operation in operations():
        for member in ("summary", "description", "operationId", "tags"):
            assert operation[member], name
        for parameter in operation.get("parameters", []):
            assert parameter["in"] == "path" or parameter["description"], name


def test_every_operation_has_problems_and_an_example():
    for name, operation in operations():
        answers = operation["responses"].items()
        problems = {code for code, answer in answers if PROBLEM in answer.get("content", {})}
        assert problems >= {"400", "401", "403", "406", "429"}, name
        for code, answer in answers:
            for media_type, content in answer.get("content", {}).items():
                if media_type in (PROBLEM, "application/json") and name != "get /api/v1/schema":
                    assert "example" in content, (name, code)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_have_the_shape_they_illustrate(name):
    validator(name).validate(EXAMPLES[name])


@pytest.mark.parametrize("name", sorted(components()))
def test_shapes_are_valid_json_schema(name):
    jsonschema.Draft202012Validator.check_schema(components()[name])


def test_every_problem_code_is_documented_in_the_list():
    assert set(components()["ProblemKind"]["properties"]["code"]["enum"]) == set(KINDS)

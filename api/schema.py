"""Generates the OpenAPI 3.1 document: drf-spectacular reads the views; our shapes are its components.

`operation` describes one method of a resource; parameters, scopes and the problems every endpoint shares
come from the resource itself, so the document cannot omit them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import yaml
from django.urls import include, path
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from drf_spectacular.settings import patched_settings
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from api import idempotency
from api.parameters import Parameters
from api.problem_kinds import KINDS
from api.shapes import ref

PROBLEM = "application/problem+json"
# Problems that any endpoint may return.
SHARED_PROBLEMS = ("unknown_parameter", "invalid_token", "insufficient_scope", "not_acceptable", "throttled")


UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
IDEMPOTENCY_KEY = OpenApiParameter(
    idempotency.HEADER,
    {"type": "string", "minLength": 1, "maxLength": 257},
    OpenApiParameter.HEADER,
    description=(
        "A fresh value (best a UUID) for each act of the reader. Sent again within 24 hours with the same "
        "body, the request is not carried out again: its answer comes back, `Idempotent-Replayed: true`. "
        "Refusals are not kept, so a corrected request may use its key again. Keys belong to the user."
    ),
)


class AutoSchema(SpectacularAutoSchema):
    """drf-spectacular's reading of a view, extended by what our resources declare."""

    def get_override_parameters(self) -> list[Any]:
        """The query parameters that the resource reads."""
        known = getattr(self.view, "parameters", Parameters)
        named = [known] if known().fields else []
        return [*named, *([IDEMPOTENCY_KEY] if self.method in UNSAFE else [])]

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Anonymous access is listed too, unless the resource needs an account for the method."""
        anonymous: list[dict[str, list[str]]] = [{}]
        needed = self.method in getattr(self.view, "account_needed", ())
        return super().get_auth() + ([] if needed else anonymous)


def operation(
    name: str,
    summary: str,
    shape: str | None,
    *,
    tag: str,
    problems: tuple[str, ...] = (),
    request: dict[str, Any] | None = None,
    responses: dict[Any, Any] | None = None,
) -> Callable[[Any], Any]:
    """Describe a method: its 200 has the component `shape`, its description is the method's docstring.

    `request` maps media types to schemas; `responses` stands in where there is no `shape`.
    """

    def describe(method: Any) -> Any:
        codes = (*problems, *(idempotency.KINDS if method.__name__.upper() in UNSAFE else ()))
        return _described(name, summary, shape, tag, codes, request, responses)(method)

    return describe


def _described(
    name: str,
    summary: str,
    shape: str | None,
    tag: str,
    problems: tuple[str, ...],
    request: dict[str, Any] | None,
    responses: dict[Any, Any] | None,
) -> Callable[[Any], Any]:
    answers: dict[Any, Any] = dict(responses or {})
    if shape is not None:
        answers[200] = OpenApiResponse(ref(shape), description="As described.")
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys((*problems, *SHARED_PROBLEMS)):
        by_status.setdefault(KINDS[code].status, []).append(code)
    for status, codes in sorted(by_status.items()):
        titles = "; ".join(f"{code}: {_english(KINDS[code].title)}" for code in codes)
        answers[(status, PROBLEM)] = OpenApiResponse(ref("Problem"), description=titles)
    return extend_schema(operation_id=name, summary=summary, tags=[tag], request=request, responses=answers)


def _english(message: Any) -> str:
    with translation.override("en"):
        return str(message)


@cache
def document() -> dict[str, Any]:
    """The whole document, in English. Built once per process: it depends on the code alone."""
    from api.schema_settings import SETTINGS, components

    patterns = [path("api/v1/", include("api.urls"))]
    settings = SETTINGS | {"APPEND_COMPONENTS": {"schemas": components()}}
    with translation.override("en"), patched_settings(settings):
        return SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)


def as_yaml() -> str:
    """docs/openapi.yaml."""
    text: str = yaml.safe_dump(document(), allow_unicode=True, sort_keys=False, width=110)
    return text

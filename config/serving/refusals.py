"""Responses to requests that are refused before Django's views: a problem in the API, a page for readers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import translation

from api.problems import Problem, problem_response
from config.serving.responses import Response
from frontend_templates.views.errors import refused_page, wants_json

# Seconds after which a retry can succeed.
_RETRY_AFTER = {503: "5", 507: "300"}


def refuse(code: str, environ: dict[str, Any]) -> Response:
    """The response for a problem's `code` (api.problem_kinds); the connection ends with it."""
    request = HttpRequest()
    request.META, request.path = environ, environ["PATH_INFO"]
    with translation.override(translation.get_language_from_request(request)):
        problem = Problem(code)
        made = problem_response(problem) if wants_json(request) else refused_page(problem.kind)
    headers = dict(made.items()) | {"Connection": "close", "Content-Length": str(len(made.content))}
    if retry := _RETRY_AFTER.get(made.status_code):
        headers["Retry-After"] = retry
    return Response(
        made.status_code,
        [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        made.content,
    )

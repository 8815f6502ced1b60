"""The API about itself: the OpenAPI document, its pages, and the kinds of problems."""

from __future__ import annotations

import json
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from api.identity.docs_client import DOCS_CLIENT
from api.problem_kinds import KINDS, ProblemKind
from api.problems import Problem
from api.resource import Resource
from api.responses import PUBLIC, ApiResponse, api_response
from api.schema import document, operation


class SchemaView(Resource):
    """The OpenAPI document."""

    @operation("schema_read", "Read this document", None, tag="about", responses={200: {"type": "object"}})
    def get(self, request: Request) -> HttpResponse:
        """This OpenAPI 3.1 document as JSON."""
        return self.respond(ApiResponse(200, json.dumps(document(), ensure_ascii=False), PUBLIC))


class ProblemKindListView(Resource):
    """All kinds of problems."""

    @operation("problems_list", "List the kinds of problems", "ProblemKindList", tag="about")
    def get(self, request: Request) -> HttpResponse:
        """Every kind of problem that this API answers with, and what to do about it."""
        return self.respond(api_response({"items": [_kind(kind) for kind in KINDS.values()]}))


class ProblemKindView(Resource):
    """One kind of problem."""

    @operation(
        "problems_read", "Read about a kind of problem", "ProblemKind", tag="about", problems=("not_found",)
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """What the `type` of a problem refers to."""
        if code not in KINDS:
            raise Problem("not_found")
        return self.respond(api_response(_kind(KINDS[code])))


# Swagger UI sets styles on elements and draws its icons from data: addresses; scripts stay our own files.
@csp_update({"style-src": ["'self'", "'unsafe-inline'"], "img-src": ["'self'", "data:"]})
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The document as pages to read and try, from files of this server alone."""
    client_id = DOCS_CLIENT if settings.XINGLIN_API_DOCS_SIGN_IN else ""
    return render(request, "api/docs.html", {"client_id": client_id})


@require_safe
def docs_redirect(request: HttpRequest) -> HttpResponse:
    """The redirect address of "Authorize": passes the code to the page that opened it and closes itself."""
    response = render(request, "api/docs_redirect.html")
    response["Cache-Control"] = "private, no-store"
    return response


def _kind(kind: ProblemKind) -> dict[str, Any]:
    return {
        "type": kind.uri,
        "code": kind.code,
        "status": kind.status,
        "title": str(kind.title),
        "meaning": str(kind.meaning),
    }

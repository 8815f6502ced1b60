"""`/api/v1/articles`: teasers for everyone, the whole text for readers whom the gate admits.

A readable article is sent as the ledger's bytes. A locked one is the ledger's public document, whose
`locked` holds the reason, the next step and its address. The digest of a gated text is never sent: it would
show when the text changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from api import scopes
from api.gate_json import gate_url, next_step_json, step_line
from api.pagination import PageParameters, page_of
from api.parameters import Slug, complete
from api.problems import Problem
from api.resource import Resource
from api.responses import PRIVATE, PUBLIC, ApiResponse, api_response
from api.schema import operation
from api.zones import find_zone_for_filter
from cms.audiences import Audience
from cms.selectors import head_of, live_heads, live_zones
from gate.decision import message

if TYPE_CHECKING:
    from cms.models import PublicationHead
    from gate.decision import Access


class ArticleListParameters(PageParameters):
    """Parameters of the article list."""

    zone = Slug(help_text="Only articles of the zone with this slug.")


def find_head(article_id: UUID) -> PublicationHead:
    """The current ledger row of a published article; Problem `not_found` (also for withdrawn ones)."""
    head = head_of(article_id)
    if head is None or not head.live:
        raise Problem("not_found")
    return head


def article_list(access: Access, params: Mapping[str, Any] | None = None) -> ApiResponse:
    """`{"items": [teaser + {"readable": bool}], "next_cursor": str | null}`, newest first.

    `params`: values of ArticleListParameters, all optional. Problems: `invalid_parameter`.
    """
    given = complete(ArticleListParameters, params)
    heads = live_heads()
    if given["zone"] is not None:
        heads = heads.filter(zone_id=find_zone_for_filter(given["zone"]).pk)
    rows, next_cursor = page_of(heads, limit=given["limit"], cursor=given["cursor"])
    scope = access.scope()
    return api_response({"items": [teaser_of(head, scope) for head in rows], "next_cursor": next_cursor})


def teaser_of(head: PublicationHead, scope: frozenset[str]) -> dict[str, Any]:
    """The teaser with `readable`: whether this reader would get the whole article."""
    readable = head.audience == Audience.PUBLIC or f"{head.zone_id}:{head.audience}" in scope
    return json.loads(head.publication.teaser) | {"readable": readable}


def document_for(access: Access, head: PublicationHead) -> tuple[str, bool]:
    """(the document that this reader may read, whether it is the whole article)."""
    allowed = access.decide(head.zone_id, head.audience).allowed
    return (head.publication.full_document if allowed else head.publication.public_document), allowed


def article_answer(access: Access, head: PublicationHead) -> ApiResponse:
    """The article for this reader: whole, or public part with `locked`. Always 200."""
    document, whole = document_for(access, head)
    if head.audience == Audience.PUBLIC and whole:
        return ApiResponse(200, document, PUBLIC, etag=head.publication.digest)
    if whole:
        return ApiResponse(200, document, PRIVATE)
    return api_response(json.loads(document) | {"locked": locked_member(access, head)})


class ArticleListView(Resource):
    """Teasers of the published articles."""

    parameters = ArticleListParameters
    scopes = {"GET": scopes.ARTICLES_READ}

    @operation("articles_list", "List articles", "ArticleList", tag="articles")
    def get(self, request: Request) -> HttpResponse:
        """Teasers, newest first. `readable` says whether the whole article would be sent to this reader."""
        return self.respond(article_list(self.access, self.values))


class ArticleView(Resource):
    """One article."""

    scopes = {"GET": scopes.ARTICLES_READ}

    @operation("articles_read", "Read an article", "Article", tag="articles", problems=("not_found",))
    def get(self, request: Request, article_id: UUID) -> HttpResponse:
        """The whole article, or its public part with `locked` saying why and which step is next.

        Both are a 200: a locked article is an answer, not an error. `locked` is null for a whole article.
        """
        return self.respond(article_answer(self.access, find_head(article_id)))


def locked_member(access: Access, head: PublicationHead) -> dict[str, Any]:
    """`{"reason","message","next_step","steps","gate"}`, in the request's language."""
    decision = access.decide(head.zone_id, head.audience)
    zone = live_zones().filter(pk=head.zone_id).first()
    narrower = head.audience if zone is None or zone.audience != head.audience else None
    steps = access.state(zone, head.audience).steps if zone is not None else ()
    return {
        "reason": decision.reason.value,
        "message": message(decision),
        "next_step": next_step_json(head.zone_slug, decision, narrower),
        "steps": [step_line(step) for step in steps],
        "gate": gate_url(head.zone_slug, narrower),
    }

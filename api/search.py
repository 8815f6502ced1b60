"""`/api/v1/search`: teasers that match what this reader may see, with the passage that was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from django.http import HttpResponse
from rest_framework.request import Request

from api import scopes
from api.articles import teaser_of
from api.parameters import Parameters, Slug, Text, WholeNumber, complete
from api.problems import FieldError, Problem
from api.resource import Resource
from api.responses import ApiResponse, api_response
from api.schema import operation
from api.zones import find_zone_for_filter
from search.errors import EmptyQuery, InvalidSearch, SearchUnavailable
from search.requests import MAX_QUERY_LENGTH, MAX_SIZE, MAX_WINDOW, SearchHit, SearchPage, SearchRequest
from search.service import find

if TYPE_CHECKING:
    from gate.decision import Access

log = structlog.get_logger(__name__)


class SearchParameters(Parameters):
    """Query and page of a search."""

    q = Text(
        max_length=MAX_QUERY_LENGTH,
        help_text="Words, a question, a drug, a code (PD-1).",
        error_messages={"required": EmptyQuery.message},
    )
    zone = Slug(help_text="Only articles of the zone with this slug.")
    page = WholeNumber(
        min_value=1,
        max_value=MAX_WINDOW,
        default=1,
        help_text=f"Which page; at most {MAX_WINDOW} results can be paged through.",
    )
    size = WholeNumber(min_value=1, max_value=MAX_SIZE, default=10, help_text="How many results on a page.")


def search_answer(access: Access, params: Mapping[str, Any]) -> ApiResponse:
    """`{"query","zone","total","page","size","pages","items"}`: teasers + readable, title_html,
    excerpt_html.

    `params`: values of SearchParameters. Words behind a gate match only for readers whom the gate admits.
    Problems: `invalid_parameter`, `unavailable`.
    """
    given = complete(SearchParameters, params)
    if given["zone"] is not None:
        find_zone_for_filter(given["zone"])
    scope = access.scope()
    try:
        page = find(SearchRequest(given["q"], scope, given["zone"], given["page"], given["size"]))
    except InvalidSearch as error:
        raise Problem(
            "invalid_parameter", errors=(FieldError(error.field, str(error.message), error.code),)
        ) from error
    except SearchUnavailable as error:
        log.exception("search_unavailable")
        raise Problem("unavailable", str(error.message), headers={"Retry-After": "10"}) from error
    return api_response(
        {
            "query": given["q"],
            "zone": given["zone"],
            "total": page.total,
            "page": page.page,
            "size": page.size,
            "pages": _pages(page),
            "items": [_item(hit, scope) for hit in page.hits],
        }
    )


def _pages(page: SearchPage) -> int:
    """The number of pages that can be requested."""
    return -(-min(page.total, MAX_WINDOW) // page.size)


def _item(hit: SearchHit, scope: frozenset[str]) -> dict[str, Any]:
    return teaser_of(hit.head, scope) | {
        "title_html": str(hit.title.html),
        "excerpt_html": str(hit.excerpt.html),
    }


class SearchView(Resource):
    """Full-text search."""

    parameters = SearchParameters
    scopes = {"GET": scopes.SEARCH_READ}
    throttle_kind = "search"

    @operation("search", "Search", "SearchPage", tag="search", problems=("invalid_parameter", "unavailable"))
    def get(self, request: Request) -> HttpResponse:
        """Articles that match, best first.

        A reader whom the gate does not admit searches titles, summaries, bylines and public parts only:
        neither hits nor totals nor excerpts reveal anything of a gated text.
        """
        return self.respond(search_answer(self.access, self.values))

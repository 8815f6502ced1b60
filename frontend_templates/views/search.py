"""Search: the API's response with its highlighted passages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from api.problems import Problem
from api.search import search_answer
from api.throttling import count_or_refuse
from frontend_templates.views.reading import page
from gate.decision import access_of
from search.requests import MAX_QUERY_LENGTH


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=&zone=&page=`. Without words: the form and a description of what is searched."""
    query = request.GET.get("q", "").strip()
    zone_slug = request.GET.get("zone") or None
    context: dict[str, Any] = {"query": query, "zone_slug": zone_slug, "max_length": MAX_QUERY_LENGTH}
    status, headers = 200, {}
    if query:
        try:
            quota = count_or_refuse(request, "search")
            headers = quota.headers if quota else {}
            params = {"q": query, "zone": zone_slug, "page": _page_number(request)}
            found = search_answer(access_of(request), params).data
        except Problem as problem:
            said = " ".join(error.message for error in problem.errors)
            context["error"] = said or problem.as_json()["detail"]
            status, headers = problem.kind.status, headers | problem.headers
        else:
            context |= {"page": found, **_neighbours(query, zone_slug, found)}
    response = page(request, "search.html", context, status=status)
    for name, value in headers.items():
        response[name] = value
    return response


def _page_number(request: HttpRequest) -> int:
    """An invalid page number counts as 1, so that an address that was cut short still works."""
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _neighbours(query: str, zone_slug: str | None, found: dict[str, Any]) -> dict[str, str]:
    """The query strings of the pages before and after this one; empty where there is none."""
    base = {"q": query} | ({"zone": zone_slug} if zone_slug else {})
    number, last = found["page"], found["pages"]
    return {
        "previous_query": urlencode(base | {"page": number - 1}) if number > 1 else "",
        "next_query_string": urlencode(base | {"page": number + 1}) if number < last else "",
    }

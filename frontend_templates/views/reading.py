"""Home, zones and articles: the API's own responses as pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from api.articles import article_answer, article_list, find_head
from api.problems import Problem
from api.responses import PRIVATE
from api.zones import zone_answer, zone_list
from frontend_templates.addresses import gate_path, last_anchor
from gate.decision import access_of

HOME_LENGTH = 12
ZONE_LENGTH = 20
# Pages show "sign in" or "my account": no shared cache may store one, and a browser asks before reuse.
REVALIDATE = "private, no-cache"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The zones and the newest articles of all of them."""
    articles = article_list(access_of(request), {"limit": HOME_LENGTH}).data["items"]
    return page(request, "home.html", {"zones": zone_list().data["items"], "articles": articles})


@require_safe
def zone(request: HttpRequest, slug: str) -> HttpResponse:
    """One zone's articles; `?cursor=` goes on to the older ones."""
    access = access_of(request)
    params = {"zone": slug, "limit": ZONE_LENGTH, "cursor": request.GET.get("cursor")}
    try:
        found = zone_answer(slug).data
        articles = article_list(access, params).data
    except Problem as problem:
        raise Http404(problem.detail) from problem
    context = {
        "zone": found,
        "articles": articles["items"],
        "next_cursor": articles["next_cursor"],
        "open": all(item["readable"] for item in articles["items"]),
    }
    return page(request, "zone.html", context)


@require_safe
def article(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """One article: whole, or its public part with the gate explained. Always a 200, as in the API."""
    try:
        head = find_head(article_id)
    except Problem as problem:
        raise Http404(problem.detail) from problem
    answer = article_answer(access_of(request), head)
    document = answer.data
    context: dict[str, Any] = {"article": document, "zone": document["zone"]}
    if document["locked"]:
        anchor = last_anchor(document["body"])
        back = document["path"] + (f"#{anchor}" if anchor else "")
        context["gate_path"] = gate_path(document["zone"]["slug"], back)
    gated = document["audience"] != "public"
    return page(request, "article.html", context, cache_control=PRIVATE if gated else REVALIDATE)


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    cache_control: str = REVALIDATE,
) -> HttpResponse:
    """A page of the site. For users who are signed in, no cache stores a copy."""
    response = render(request, f"frontend_templates/{template}", context, status=status)
    response["Cache-Control"] = PRIVATE if request.user.is_authenticated else cache_control
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response

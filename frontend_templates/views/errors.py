"""Error pages in the site's look. None of them shows the requested address or the internal cause."""

from __future__ import annotations

import math
import sys
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import Resolver404, resolve
from django.views import defaults
from django.views.defaults import bad_request, page_not_found, permission_denied

from api.problem_kinds import ProblemKind
from api.problems import Problem, problem_response
from cms.storage_full import is_storage_full
from frontend_templates.addresses import next_of, with_next
from gate.people import seconds_locked, seconds_to_wait

log = structlog.get_logger(__name__)

not_found, forbidden = page_not_found, permission_denied

__all__ = [
    "bad_request",
    "csrf_failure",
    "forbidden",
    "locked",
    "not_found",
    "server_error",
    "too_many_requests",
]


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For allauth's rate limits (handler429)."""
    return _wait(request, seconds_to_wait(request))


def locked(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """For the lock on guesses (AXES_LOCKOUT_CALLABLE); replaces the view's response."""
    return _wait(request, seconds_locked(request, credentials))


def _wait(request: HttpRequest, seconds: int) -> HttpResponse:
    context = {"minutes": math.ceil(seconds / 60)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "private, no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """For every view and middleware, the admin's too: 500, or 507 where the disk is full.

    The page needs no other file. Under the API's addresses the response is the problem.
    """
    if not is_storage_full(sys.exc_info()[1]):
        return defaults.server_error(request)
    log.error("storage_full")
    if wants_json(request):
        return problem_response(Problem("storage_full"))
    return refused_page(Problem("storage_full").kind)


def refused_page(kind: ProblemKind) -> HttpResponse:
    """The page for a request that is refused before any view; it needs no other file, like the 500 page."""
    page = loader.get_template("refused.html").render({"title": kind.title, "code": kind.code})
    return HttpResponse(page, status=kind.status, headers={"Cache-Control": "private, no-store"})


def wants_json(request: HttpRequest) -> bool:
    """Whether the client prefers a problem (JSON) to a page."""
    if request.path.startswith(("/api/", "/identity/")):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before a sign-in in another tab. The page holds its input, to be sent again.

    Only what our own page sent: a form of another site must not be sent with one tap. Passwords are not
    repeated; their pages are opened again.
    """
    again = _is_ours(request) and _is_of_the_site(request.path)
    fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)] if again else []
    target = next_of(request, "")
    context = {
        "again": again,
        "fields": [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"],
        "files": again and bool(request.FILES),
        "back": with_next(request.path, target) if target else request.path,
    }
    response = render(request, "403_csrf.html", context, status=403)
    response["Cache-Control"] = "private, no-store"
    return response


def _is_ours(request: HttpRequest) -> bool:
    """Sent by a page of this host, by the browser's headers."""
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(source).netloc == request.get_host()


def _is_of_the_site(path: str) -> bool:
    try:
        return resolve(path).app_name == "site"
    except Resolver404:
        return False

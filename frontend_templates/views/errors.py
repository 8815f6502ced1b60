"""Error pages in the site's look. None of them tells what was looked for or why it failed inside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

not_found, forbidden = page_not_found, permission_denied

__all__ = ["bad_request", "forbidden", "not_found", "server_error", "too_many_requests"]


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For allauth's rate limits and axes' lockout."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    response["Cache-Control"] = "private, no-store"
    return response

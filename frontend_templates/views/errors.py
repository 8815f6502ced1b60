"""Error pages in the site's look. None of them tells what was looked for or why it failed inside."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from gate.signin.limits import seconds_to_wait
from gate.signin.lock import seconds_locked

not_found, forbidden = page_not_found, permission_denied

__all__ = ["bad_request", "forbidden", "locked", "not_found", "server_error", "too_many_requests"]


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For allauth's rate limits (handler429)."""
    return _wait(request, seconds_to_wait(request))


def locked(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """For the lock on guesses (AXES_LOCKOUT_CALLABLE); takes the place of what the view answered."""
    return _wait(request, seconds_locked(request, credentials))


def _wait(request: HttpRequest, seconds: int) -> HttpResponse:
    context = {"minutes": math.ceil(seconds / 60)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "private, no-store"
    return response

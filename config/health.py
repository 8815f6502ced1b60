"""`/healthz`: 200 when this process can answer readers, 503 with the failing part's name otherwise."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

PATH = "/healthz"

log = structlog.get_logger(__name__)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    cache.get("healthz")


CHECKS = {"database": _database, "cache": _cache}


def healthz(request: HttpRequest) -> JsonResponse:
    """`{"status": "ok"|"failing", "checks": {name: "ok"|"failing"}}`; no versions, no hosts, no reasons."""
    answers = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception:  # whatever broke, the answer is "failing"
            log.exception("health_check_failed", check=name)
            answers[name] = "failing"
        else:
            answers[name] = "ok"
    failing = "failing" in answers.values()
    return JsonResponse(
        {"status": "failing" if failing else "ok", "checks": answers},
        status=503 if failing else 200,
        headers={"Cache-Control": "no-store"},
    )


class HealthMiddleware:
    """Answers `/healthz` before the middleware that checks the Host, demands TLS or opens a session.

    A load balancer asks by address, over plain HTTP, and must not be turned away for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return healthz(request) if request.path == PATH else self.get_response(request)

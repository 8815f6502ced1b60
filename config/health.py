"""`/healthz`: 200 when this process can answer readers, 503 with the failing part's name otherwise."""

from __future__ import annotations

import structlog
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

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
        except Exception:  # noqa: BLE001 - whatever broke, the answer is "failing"
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

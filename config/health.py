"""`/healthz` for load balancers and `/readyz` for operators.

`/healthz`: can this process serve readers? 503 only when it cannot: without its database. Reading goes on
without the cache, so a cache that is unavailable is "degraded" and a 200: taking every process out of the
balancer would turn a slow moment into an outage.

`/readyz`: does everything work? 503 names what does not: the database, the cache, or the parts of background
work without a recent heartbeat (`manage.py work`), with the time of the last one.

Neither returns versions, hosts or reasons, and both respond within a second: their checks have short
deadlines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from cms import background

PATH = "/healthz"
READY_PATH = "/readyz"

log = structlog.get_logger(__name__)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    ping = getattr(cache, "ping", None)  # our check fails also while the fallback is in use
    if ping is not None:
        ping()
    else:
        cache.get("healthz")


CHECKS = {"database": _database, "cache": _cache}
# Without these no reader can be served.
VITAL = frozenset({"database"})


def healthz(request: HttpRequest) -> JsonResponse:
    """`{"status": "ok" | "degraded" | "failing", "checks": {name: "ok" | "failing"}}`."""
    checks = _results()
    failing = {name for name, result in checks.items() if result == "failing"}
    status = "failing" if failing & VITAL else "degraded" if failing else "ok"
    return _response({"status": status, "checks": checks}, ok=not failing & VITAL)


def readyz(request: HttpRequest) -> JsonResponse:
    """`{"status": "ready" | "failing", "checks": {…, "worker": …}, "standstill": {"parts", "since"} |
    null}`.

    `since`: the last heartbeat, null where there never was one.
    """
    checks = _results()
    stopped: background.Standstill | None = None
    checks["worker"] = "failing"
    if checks["database"] == "ok":
        stopped = background.standstill()
        checks["worker"] = "failing" if stopped else "ok"
    ready = "failing" not in checks.values()
    since = stopped.since.isoformat() if stopped and stopped.since else None
    standstill = {"parts": list(stopped.parts), "since": since} if stopped else None
    content = {"status": "ready" if ready else "failing", "checks": checks, "standstill": standstill}
    return _response(content, ok=ready)


def _results() -> dict[str, str]:
    results = {}
    for name, check in CHECKS.items():
        try:
            check()
        except Exception:  # whatever the error, the status is "failing"
            log.exception("health_check_failed", check=name)
            results[name] = "failing"
        else:
            results[name] = "ok"
    return results


def _response(content: dict[str, Any], *, ok: bool) -> JsonResponse:
    return JsonResponse(content, status=200 if ok else 503, headers={"Cache-Control": "no-store"})


PAGES = {PATH: healthz, READY_PATH: readyz}


class HealthMiddleware:
    """Responds to both before the middleware that checks the Host, demands TLS or opens a session.

    A load balancer requests by address, over plain HTTP, and must not be refused for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = PAGES.get(request.path)
        return page(request) if page else self.get_response(request)

"""Structured logs (structlog) with a request id on each line.

A line may hold ids, counts, routes and durations, never names, addresses, tokens, query strings or form
content. A search query can be a diagnosis, so the route is logged and never the path. What libraries and
exceptions add is cleaned by config.redaction.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from config.redaction import redact

REQUEST_ID_HEADER = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(*, fmt: str, level: str) -> dict[str, Any]:
    """Django's LOGGING; `fmt` is "json" (one object a line) or "console"; `level` a logging level's name."""
    renderer: Any = (
        # The default formatter prints local variables, and those hold what users typed.
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if fmt == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    redact,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # RequestLogMiddleware has logged the request already, except for the traceback of an error.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR", "handlers": ["stderr"], "propagate": False},
            "axes": {"level": "ERROR"},
            # A line for each task's start and end, and for each save of a page, is of no use.
            "django_tasks": {"level": "WARNING"},
            "django_tasks_db": {"level": "WARNING"},
            "elastic_transport": {"level": "WARNING"},
            "wagtail": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
        },
    }


class RequestLogMiddleware:
    """Logs one line a request and sets `X-Request-ID` on the response (a well-formed incoming id is kept)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("xinglin.request")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            match = request.resolver_match
            self.log.log(
                logging.ERROR if response.status_code >= 500 else logging.INFO,
                "request",
                method=request.method,
                route=match.route if match else None,
                status=response.status_code,
                ms=round((time.monotonic() - started) * 1000),
            )
        response[REQUEST_ID_HEADER] = request_id
        return response

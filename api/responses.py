"""What a builder returns: a finished body with its status and its caching.

The body is text, not data, because an article's body is the ledger's bytes and passes through no parser.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

# For bodies that depend on the reader. Shared caches must not store them, nor browsers after sign-out.
PRIVATE = "private, no-store"
# For bodies that are equal for every reader. Short, because a withdrawal must not be undone by caches.
PUBLIC = "public, max-age=60"


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """`body` is JSON text. `etag` (without quotes) only where the body is the same for every reader."""

    status: int
    body: str
    cache_control: str = PRIVATE
    etag: str | None = None

    @property
    def data(self) -> Any:
        """The body as data, for the site's templates."""
        return json.loads(self.body)


def api_response(data: Any, *, status: int = 200, cache_control: str = PRIVATE) -> ApiResponse:
    """A response whose body is built here, in the ledger's form of JSON (no escapes for Chinese)."""
    return ApiResponse(status, json.dumps(data, ensure_ascii=False), cache_control)


def http_response(response: ApiResponse, *, if_none_match: str = "") -> HttpResponse:
    """The HTTP response; 304 when the client already holds a body that is the same for every reader."""
    headers = {"Cache-Control": response.cache_control, "X-Content-Type-Options": "nosniff"}
    if response.etag is not None:
        headers["ETag"] = f'"{response.etag}"'
        if _matches(response.etag, if_none_match):
            return HttpResponse(status=304, headers=headers)
    return HttpResponse(
        response.body, status=response.status, content_type="application/json", headers=headers
    )


def _matches(etag: str, if_none_match: str) -> bool:
    """RFC 9110 weak comparison against a list of tags (or `*`)."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or f'"{etag}"' in tags

"""Throttles: refuse a reader who exceeds a rate, and send every reader the remaining quota.

Rates: settings.XINGLIN_API_RATES (api.rates). Counted per account, or per address for anonymous readers, and
per kind of request. Headers follow draft-ietf-httpapi-ratelimit-headers-10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.counters import count
from api.problems import Problem
from api.rates import DEFAULT_RATES, OFF, Rate, parse_rate
from gate.people import limited_address

HEADERS = ("RateLimit", "RateLimit-Policy")


@dataclass(frozen=True, slots=True)
class Quota:
    """The quota of one reader for one kind, this request counted. `seconds_left`: until it is full again."""

    kind: str
    rate: Rate
    used: int
    seconds_left: int

    @property
    def is_exceeded(self) -> bool:
        """Whether this request exceeded the quota."""
        return self.used > self.rate.limit

    @property
    def headers(self) -> dict[str, str]:
        """For every response, refused ones too."""
        left = max(0, self.rate.limit - self.used)
        headers = {
            "RateLimit-Policy": f'"{self.kind}";q={self.rate.limit};w={self.rate.seconds}',
            "RateLimit": f'"{self.kind}";r={left};t={self.seconds_left}',
        }
        if self.is_exceeded:
            headers["Retry-After"] = str(self.seconds_left)
        return headers

    def write_to(self, response: HttpResponse) -> None:
        """Set the headers."""
        for name, value in self.headers.items():
            response[name] = value


class ResourceThrottle(BaseThrottle):
    """The throttle of every endpoint. Leaves the quota at `request.quota` for the response's headers."""

    quota: Quota | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        """False when the kind named by the view (`throttle_kind`; `write` for unsafe methods) is used up."""
        safe = request.method in ("GET", "HEAD", "OPTIONS")
        self.quota = count_request(request, view.throttle_kind if safe else "write")
        request.quota = self.quota  # type: ignore[attr-defined]
        return self.quota is None or not self.quota.is_exceeded

    def wait(self) -> float | None:
        """Seconds until a retry can succeed."""
        return self.quota.seconds_left if self.quota else None


def count_request(request: Request | HttpRequest, kind: str) -> Quota | None:
    """Count this request; None where nothing is limited, or where it could not be counted."""
    rate = _rate_of(kind)
    if rate is None:
        return None
    # Not DRF's get_ident(): it trusts X-Forwarded-For.
    user = request.user
    who = f"user:{user.pk}" if user.is_authenticated else f"address:{limited_address(request)}"
    used, seconds_left = count(f"{kind}:{rate.seconds}:{who}", rate.seconds)
    return None if used is None else Quota(kind, rate, used, seconds_left)


def count_or_refuse(request: HttpRequest, kind: str) -> Quota | None:
    """For pages with the content of an endpoint of this kind: one counter for both. Problem `throttled`."""
    quota = count_request(request, kind)
    if quota is not None and quota.is_exceeded:
        raise Problem("throttled", headers=quota.headers)
    return quota


def _rate_of(kind: str) -> Rate | None:
    """A value that cannot be parsed (check xinglin.E030) leaves the default in force, not no limit."""
    try:
        return parse_rate(settings.XINGLIN_API_RATES.get(kind, OFF))
    except ValueError:
        return parse_rate(DEFAULT_RATES[kind])

"""How often one reader may ask. Rates come from XINGLIN_API_RATES (`{"read": "600/min", …}`), else from here.

A rate of None switches a throttle off.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar, cast

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from api.problems import Problem
from gate.client_addresses import limited_address

DEFAULT_RATES: dict[str, str | None] = {
    # A front end that renders on its own server reads for all its readers from one address.
    "read": "3000/min",
    # A search costs the engine a few milliseconds; a person types a few a minute.
    "search": "240/min",
    # Steps of the gate and uploads: no person reaches this.
    "write": "60/min",
}


class ResourceThrottle(SimpleRateThrottle):
    """Counts per account, or per address for anonymous readers, and per kind of request."""

    kinds: ClassVar[tuple[str, ...]] = tuple(DEFAULT_RATES)

    def __init__(self) -> None:
        self.rate = None  # the kind is known only with the view

    def allow_request(self, request: Request, view: Any) -> bool:
        """False when the kind named by the view (`throttle_kind`; `write` for unsafe methods) is used up."""
        safe = request.method in ("GET", "HEAD", "OPTIONS")
        self.scope = view.throttle_kind if safe else "write"
        self.rate = getattr(settings, "XINGLIN_API_RATES", DEFAULT_RATES).get(self.scope)
        if self.rate is None:
            return True
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: Any) -> str:
        """One counter per reader and kind."""
        if request.user.is_authenticated:
            who = str(request.user.pk)
        else:  # not get_ident(): it believes X-Forwarded-For
            who = str(limited_address(request))
        return self.cache_format % {"scope": f"api-{self.scope}", "ident": who}


def count_or_refuse(request: HttpRequest, kind: str) -> None:
    """For pages that give what an endpoint of this kind gives: one counter for both. Problem `throttled`."""
    throttle = ResourceThrottle()
    if not throttle.allow_request(cast(Request, request), SimpleNamespace(throttle_kind=kind)):
        raise Problem("throttled")

"""The first middleware: sets REMOTE_ADDR to the client's address and removes every other claim about it."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from gate.people import TrustedProxies, client_address

log = structlog.get_logger(__name__)

# Headers in which clients, proxies and libraries name an address; removed by this middleware.
ADDRESS_HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_CLIENT_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_CF_CONNECTING_IP",
)
# Headers about the connection that only a trusted proxy may set (SECURE_PROXY_SSL_HEADER reads the first).
PROXY_HEADERS = ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")


class ClientAddressMiddleware:
    """Reads settings.XINGLIN_TRUSTED_PROXIES once; a wrong value stops the start, as check E020 reports."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        try:
            self.proxies = TrustedProxies.parse(settings.XINGLIN_TRUSTED_PROXIES)
        except ValueError:
            raise ImproperlyConfigured("XINGLIN_TRUSTED_PROXIES is neither a number nor networks.") from None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        peer = meta.get("REMOTE_ADDR", "")
        address = client_address(peer, meta.get("HTTP_X_FORWARDED_FOR", ""), self.proxies)
        for name in ADDRESS_HEADERS:
            meta.pop(name, None)
        if not self.proxies.trust_peer(peer):
            for name in PROXY_HEADERS:
                meta.pop(name, None)
        if not address:
            # A Unix socket that no setting names: one counter for all readers, or none, would both be wrong.
            log.error("client_without_address", setting="XINGLIN_TRUSTED_PROXIES")
            return HttpResponse("No client address.\n", status=400, content_type="text/plain")
        meta["REMOTE_ADDR"] = address
        return self.get_response(request)

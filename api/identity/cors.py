"""CORS headers: which scripts of other origins may read responses, on every status and from every layer.

The API and the discovery documents are open to every origin: they take bearer tokens and no cookies. Token,
userinfo and revocation are open to the origins that the asking client registered.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.idp.oidc.models import Client, Token
from django.core.exceptions import SuspiciousOperation
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from api.identity.secrets import basic_credentials

FOR_EVERYBODY = ("/api/v1/", "/.well-known/")
FOR_CLIENTS = "/identity/o/api/"
EXPOSED = "ETag, Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


class CorsMiddleware:
    """Outside of everything that can respond, so that no 401, 429 or 500 is without its headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response with its CORS headers; preflights of the provider are answered here."""
        for_clients = request.path.startswith(FOR_CLIENTS)
        preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        own_preflight = preflight and not request.path.startswith("/api/v1/")
        if own_preflight and (for_clients or request.path.startswith(FOR_EVERYBODY)):
            response: HttpResponseBase = HttpResponse(status=204, headers=PREFLIGHT)
        else:
            response = self.get_response(request)
        if request.path.startswith(FOR_EVERYBODY):
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
            response.headers.setdefault("Access-Control-Expose-Headers", EXPOSED)
        elif for_clients:
            _allow_registered(request, response, preflight=preflight)
        return response


def _allow_registered(request: HttpRequest, response: HttpResponseBase, *, preflight: bool) -> None:
    patch_vary_headers(response, ["Origin"])
    origin = request.headers.get("Origin", "")
    if origin and origin != "null" and is_allowed(origin, None if preflight else _asking_client(request)):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = EXPOSED
    else:
        for name in [name for name in response.headers if name.lower().startswith("access-control-")]:
            del response[name]


def is_allowed(origin: str, client_id: str | None) -> bool:
    """Registered by this client; by any client where the client is unknown, as in a preflight."""
    try:
        origins = {pk: text.split() for pk, text in Client.objects.values_list("pk", "cors_origins")}
    except DatabaseError:
        return False
    if client_id in origins:
        return origin in origins[client_id]
    return any(origin in registered for registered in origins.values())


def _asking_client(request: HttpRequest) -> str | None:
    """The client that the request names: in its form, its Basic header, or by its bearer token."""
    header = request.headers.get("Authorization", "")
    for client_id, _secret in basic_credentials(header):
        return client_id
    scheme, _space, value = header.partition(" ")
    try:
        if scheme.lower() == "bearer":
            token = Token.objects.by_value(value.strip()).filter(type=Token.Type.ACCESS_TOKEN).first()
            return str(token.client_id) if token is not None else None
        return request.POST.get("client_id")
    except (DatabaseError, SuspiciousOperation, UnreadablePostError):
        return None

"""The base of every endpoint: strict parameters, one authentication, scopes, throttles, CORS, problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from api.authentication import BearerAuthentication, HasScope, SessionAuthentication
from api.idempotency import once
from api.parameters import Parameters, read_parameters
from api.parsers import ObjectParser, check_whole
from api.problems import Problem
from api.responses import PRIVATE, ApiResponse, http_response
from api.throttling import ResourceThrottle
from gate.decision import Access, access_of
from gate.models import User

PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "600",
}


class Resource(APIView):
    """Subclasses declare what they take; `get`/`post` return an ApiResponse or an HttpResponse."""

    parameters: ClassVar[type[Parameters]] = Parameters
    scopes: ClassVar[Mapping[str, str]] = {}
    account_needed: ClassVar[frozenset[str]] = frozenset()
    throttle_kind: ClassVar[str] = "read"

    authentication_classes = (BearerAuthentication, SessionAuthentication)
    permission_classes = (HasScope,)
    parser_classes: Sequence[type[BaseParser]] = (ObjectParser,)
    renderer_classes = (JSONRenderer,)
    throttle_classes = (ResourceThrottle,)
    content_negotiation_class = DefaultContentNegotiation

    values: dict[str, Any]

    @property
    def access(self) -> Access:
        """What this request's reader may see; loaded once."""
        return access_of(self.request)

    @property
    def user(self) -> User:
        """The signed-in user, in handlers of methods that `account_needed` names."""
        user = self.request.user
        if not isinstance(user, User):
            raise Problem("not_authenticated")
        return user

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """DRF's checks, then the parameters, before the handler reads anything."""
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        if method != "options" and hasattr(self, method):  # others are refused for their method
            self.values = read_parameters(request.query_params, self.parameters)
        check_whole(request.headers)
        if method.upper() not in SAFE_METHODS and isinstance(request.user, User) and hasattr(self, method):
            # DRF's dispatch() looks the handler up after this.
            handler = getattr(self, method)
            setattr(self, method, self._once(handler, request.user))

    def prepare(self, request: Request) -> None:
        """Slow work that writes nothing, done before an unsafe method's handler and its transaction."""

    def _once(self, handler: Callable[..., Any], user: User) -> Callable[..., Any]:
        """The handler, carried out once for each Idempotency-Key of the user."""

        def handle(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            return once(
                request, user, lambda: handler(request, *args, **kwargs), lambda: self.prepare(request)
            )

        return handle

    def respond(self, response: ApiResponse) -> HttpResponse:
        """Send a builder's response, or a 304 where it is the same for every reader."""
        return http_response(response, if_none_match=self.request.headers.get("If-None-Match", ""))

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The methods, for CORS preflights; nothing about what lies behind the address."""
        return HttpResponse(status=204, headers=PREFLIGHT)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Set the methods for preflights (api.identity.cors adds others) and the caching header."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Methods"] = response["Allow"]
        quota = getattr(request, "quota", None)
        if quota is not None:
            quota.write_to(response)
        if "Cache-Control" not in response:
            response["Cache-Control"] = PRIVATE
        if response["Cache-Control"] == PRIVATE:
            # A cache must not return one reader's response to another, nor one language's to another.
            patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
        return response


class NotFoundResource(Resource):
    """Every address under /api/v1/ that no other resource has, for every method."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Problem `not_found`, before anything is read."""
        raise Problem("not_found")

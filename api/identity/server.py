"""The rules of our OAuth 2 server beyond allauth's: client identity, redirects, revocation."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc import app_settings
from allauth.idp.oidc.models import Client, Token
from django.utils import timezone
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.openid import Server

from api.identity import families
from api.identity.secrets import basic_credentials, is_secret_of
from gate.people.signin.allauth_internal import (
    OAuthLibRequestValidator,
    generate_access_token,
    get_validator_context,
)


class RequestValidator(OAuthLibRequestValidator):
    """Checks that oauthlib calls for each request; allauth's where none is defined here."""

    def validate_redirect_uri(
        self, client_id: Any, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Compared as strings: no other port, query or spelling of a registered address."""
        return redirect_uri in request.client.get_redirect_uris()

    def validate_response_type(
        self, client_id: Any, response_type: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Codes only: nothing that puts a token into an address."""
        return response_type == "code"

    def is_pkce_required(self, client_id: Any, request: Request) -> bool:
        """Required of every client, confidential ones too; `require_s256` checks the method."""
        return True

    def is_origin_allowed(self, *args: Any, **kwargs: Any) -> bool:
        """Left to `cors.IdentityCorsMiddleware`, which covers errors too."""
        return False

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """By `Authorization: Basic` or else by the body. Public clients have no secret to prove."""
        pairs: tuple[tuple[str | None, str | None], ...] = basic_credentials(
            request.headers.get("Authorization", "")
        )
        if not pairs:
            pairs = ((getattr(request, "client_id", None), getattr(request, "client_secret", None)),)
        for client_id, secret in pairs:
            client = self._lookup_client(request, client_id) if isinstance(client_id, str) else None
            if client is None or client.type != Client.Type.CONFIDENTIAL or not isinstance(secret, str):
                continue
            if secret and is_secret_of(client, secret):
                self._use_client(request, client)
                return True
        return False

    def validate_code(
        self, client_id: Any, code: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Once. A code that is used again was stolen or lost: the tokens for it end (RFC 6749, 4.1.2)."""
        if families.is_first_use(code) and super().validate_code(client_id, code, client, request):
            return True
        families.end(request.client, families.of_code(code))
        return False

    def validate_refresh_token(
        self, refresh_token: str, client: Any, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """A live token of this client; see `families.take` for one that was used before."""
        token = families.take(client, refresh_token)
        if token is None:
            return False
        request.user = token.user
        get_validator_context().refresh_token = token
        return True

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        """Store hashes of the tokens with their family; a refresh in the grace adds no second successor."""
        context = get_validator_context()
        spent = context.refresh_token
        family = families.of(spent) if spent is not None else families.of_code(request.code)
        data: dict[str, Any] = {"family": family}
        if spent is not None:
            context.granted_resources = spent.get_resources()
            context.email = context.email or spent.get_scope_email()
        if context.email and "email" in request.scopes:
            data["email"] = context.email
        if value := token.get("refresh_token"):
            # The successor keeps all scopes, also where this access token gets fewer (RFC 6749, 6).
            scopes = spent.get_scopes() if spent is not None else request.scopes
            refresh = families.keep(request, value, data, scopes, context.granted_resources, spent)
            token["refresh_expires_in"] = max(0, int((refresh.expires_at - timezone.now()).total_seconds()))
        access = self._prep_access_token(context, token, request)
        access.data = {**(access.data or {}), **data}
        access.set_scopes(request.scopes)
        access.save()

    def revoke_token(
        self, token: str, token_type_hint: str | None, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Only tokens of the asking client; a refresh token ends with its family (RFC 7009, 2.1)."""
        kinds = (Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN)
        found = Token.objects.filter(client=request.client, type__in=kinds).by_value(token).first()
        if found is None:
            return
        if found.type == Token.Type.REFRESH_TOKEN:
            families.end(request.client, families.of(found))
        found.delete()

    def validate_silent_authorization(self, request: Request) -> bool:
        """`prompt=none` repeats what the reader granted to this client, not what any client was granted."""
        tokens = Token.objects.valid().filter(user=request.user, client=request.client)
        granted = {scope for token in tokens for scope in token.get_scopes()}
        return set(request.scopes) <= granted


def require_s256(request: Request) -> dict[str, Any]:
    """Before a code is given: PKCE with S256. `plain` shows the verifier in the address."""
    if request.code_challenge and request.code_challenge_method != "S256":
        raise errors.UnsupportedCodeChallengeMethodError(request=request)
    return {}


class IdentityServer(Server):
    """oauthlib's endpoints with our validator."""

    def __init__(self) -> None:
        super().__init__(
            RequestValidator(),
            token_expires_in=app_settings.ACCESS_TOKEN_EXPIRES_IN,
            token_generator=generate_access_token,
            refresh_token_generator=families.new_refresh_token,
        )
        for grant in (self.auth_grant, self.openid_connect_auth):
            grant.custom_validators.pre_auth.append(require_s256)


def get_server(**kwargs: Any) -> IdentityServer:
    """Replaces allauth's function of this name; its keywords concern the device flow, not offered here."""
    return IdentityServer()

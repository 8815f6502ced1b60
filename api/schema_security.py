"""Describes our two ways to authenticate in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from api.scopes import SCOPES


class BearerScheme(OpenApiAuthenticationExtension):
    """OpenID Connect, authorization code with PKCE; `client_credentials` for service accounts."""

    target_class = "api.authentication.BearerAuthentication"
    name = "openid"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The OAuth 2 flows; the same facts stand in /.well-known/openid-configuration."""
        scopes = {name: str(meaning) for name, meaning in SCOPES.items()}
        token_url = "/identity/o/api/token"  # noqa: S105 - an address
        return {
            "type": "oauth2",
            "description": "Bearer tokens from the OpenID Connect provider under /identity/.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": "/identity/o/authorize",
                    "tokenUrl": token_url,
                    "scopes": scopes,
                },
                "clientCredentials": {"tokenUrl": token_url, "scopes": scopes},
            },
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """The scope that the view names for the method."""
        scope = auto_schema.view.scopes.get(auto_schema.method)
        return {self.name: [scope] if scope else []}


class SessionScheme(OpenApiAuthenticationExtension):
    """The site's own session, for pages of the same origin."""

    target_class = "api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """A cookie; unsafe methods also need the CSRF token."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The reader site's session. POST also needs the header X-CSRFToken.",
        }

"""Adapts allauth's OpenID Connect provider: names of users, scopes and the issuer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.contrib.auth import get_user_model

from api.identity.addresses import base_url
from api.identity.secrets import new_secret
from api.scopes import IN_ORDER

if TYPE_CHECKING:
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.base_user import AbstractBaseUser


class XinglinOIDCAdapter(DefaultOIDCAdapter):
    """Set by IDP_OIDC_ADAPTER."""

    scope_display: ClassVar[dict[str, Any]] = IN_ORDER

    def generate_client_secret(self) -> str:
        """A secret that needs no escaping anywhere."""
        return new_secret()

    def get_issuer(self) -> str:
        """The configured base address, not the Host header, which a client may choose."""
        return base_url()

    def get_user_sub(self, client: Client, user: AbstractBaseUser) -> str:
        """The account's uuid: never reused, so a recreated account is another user."""
        return str(user.uuid)  # type: ignore[attr-defined]

    def get_user_by_sub(self, client: Client, sub: str) -> AbstractBaseUser | None:
        """The active account with this uuid."""
        try:
            key = uuid.UUID(sub)
        except ValueError:
            return None
        return get_user_model().objects.filter(uuid=key, is_active=True).first()

    def get_claims(
        self,
        purpose: Any,
        user: Any,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """allauth's claims, with the user's display name."""
        claims = super().get_claims(purpose, user, client, scopes, email=email, **kwargs)
        if "profile" in scopes:
            claims = {key: value for key, value in claims.items() if key != "preferred_username"}
            if user.display_name:
                claims["name"] = user.display_name
            if user.locale:
                claims["locale"] = user.locale
        return claims

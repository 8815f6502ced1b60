"""Bearer tokens for tests."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from allauth.idp.oidc.models import Client, Token
from django.utils import timezone

from api.scopes import SCOPES


def oidc_client(**kwargs: Any) -> Client:
    """A confidential client that may ask for all our scopes."""
    client = Client(name="前端", type=Client.Type.CONFIDENTIAL, **kwargs)
    client.set_scopes(["openid", *SCOPES])
    client.set_grant_types(["authorization_code", "client_credentials", "refresh_token"])
    client.set_redirect_uris(["https://front.example.org/callback"])
    client.save()
    return client


def bearer(user: Any, *scopes: str, client: Client | None = None, expires_in: int = 3600) -> dict[str, str]:
    """The `headers=` of a request in the name of `user` (None: a client_credentials token)."""
    value = secrets.token_urlsafe(32)
    token = Token(
        type=Token.Type.ACCESS_TOKEN,
        client=client or oidc_client(),
        user=user,
        expires_at=timezone.now() + timedelta(seconds=expires_in),
    )
    token.set_value(value)
    token.set_scopes(list(scopes))
    token.save()
    return {"Authorization": f"Bearer {value}"}

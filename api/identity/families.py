"""Token families: all tokens of one sign-in of one client, ended together when one is used twice.

A refresh token is valid once; its row stays, marked as spent, until it expires. The next one is computed
from it with a key of ours, so that two tabs that refresh at the same moment get the same successor and
nothing is stored in plain text. Used again after the grace, a token was copied: its family ends, and no
other.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog
from allauth.idp.oidc import app_settings
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac
from oauthlib.common import Request

log = structlog.get_logger(__name__)

SALT = "api.identity.families"


def of_code(code: str | None) -> str:
    """The family of the tokens for an authorization code; a new one where there is no code."""
    return hashlib.sha256(code.encode()).hexdigest()[:32] if code else uuid.uuid4().hex


def of(token: Token) -> str:
    """The family of a token. A token from before families existed gets its own."""
    data = token.data if isinstance(token.data, dict) else {}
    return str(data.get("family") or hashlib.sha256(token.hash.encode()).hexdigest()[:32])


def is_first_use(code: str) -> bool:
    """False for a code that was tried before, also at the same moment."""
    return cache.add(f"{SALT}.code.{of_code(code)}", 1, timeout=app_settings.AUTHORIZATION_CODE_EXPIRES_IN)


def new_refresh_token(request: Request) -> str:
    """Random; for a refresh the successor of the token presented, always the same one."""
    if request.grant_type != Client.GrantType.REFRESH_TOKEN:
        return secrets.token_urlsafe(64)
    digest = salted_hmac(SALT, request.refresh_token, algorithm="sha512").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def take(client: Client, value: str) -> Token | None:
    """The refresh token with this value if it may be used now; locked until the transaction ends.

    Used again after XINGLIN_REFRESH_TOKEN_GRACE seconds, it ends its family and is None.
    """
    rows = Token.objects.select_for_update(of=("self",)).filter(client=client, type=Token.Type.REFRESH_TOKEN)
    token = rows.valid().by_value(value).first()
    if token is None or token.user is None or not token.user.is_active:
        return None
    spent_at = (token.data or {}).get("spent_at")
    if spent_at is not None and time.time() - spent_at > settings.XINGLIN_REFRESH_TOKEN_GRACE:
        ended = end(client, of(token))
        log.warning("refresh_token_reused", client=client.pk, tokens_ended=ended)
        return None
    return token


def keep(
    request: Request,
    value: str,
    data: dict[str, Any],
    scopes: Iterable[str],
    resources: list[str] | None,
    spent: Token | None,
) -> Token:
    """Store the row of a new refresh token, and mark `spent`; within the grace the existing row."""
    token = Token(type=Token.Type.REFRESH_TOKEN, client=request.client, user=request.user, data=dict(data))
    token.set_value(value)
    if spent is not None:
        known = Token.objects.valid().filter(type=Token.Type.REFRESH_TOKEN, hash=token.hash).first()
        if known is not None:
            return known
        spent.data = {**(spent.data or {}), "family": data["family"], "spent_at": time.time()}
        spent.save(update_fields=["data"])
    token.expires_at = timezone.now() + timedelta(seconds=app_settings.REFRESH_TOKEN_EXPIRES_IN or 0)
    token.set_scopes(list(scopes))
    if resources:
        token.set_resources(resources)
    token.save()
    return token


def end(client: Client, family: str) -> int:
    """Delete every token of the family. Returns the number."""
    count, _rows = Token.objects.filter(client=client, data__family=family).delete()
    return count

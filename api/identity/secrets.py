"""Client secrets: generation, transport, check and replacement."""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from urllib.parse import unquote_plus

from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import check_password

FORMER, FORMER_UNTIL = "former_secret", "former_secret_until"
# Long enough to install the new secret on every machine of an integrator.
OVERLAP = 24 * 3600  # seconds


def new_secret() -> str:
    """43 characters that need no escaping, in an address, a form or a shell."""
    return secrets.token_urlsafe(32)


def basic_credentials(header: str) -> tuple[tuple[str, str], ...]:
    """The (id, secret) pairs that an `Authorization: Basic` header may mean; none for another header.

    RFC 6749, 2.3.1: both are form-encoded before they are joined. Many clients leave that out, so the raw
    values count too.
    """
    scheme, _space, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return ()
    try:
        sent = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ()
    client_id, colon, secret = sent.partition(":")
    if not colon:
        return ()
    decoded = (unquote_plus(client_id), unquote_plus(secret))
    return (decoded,) if decoded == (client_id, secret) else (decoded, (client_id, secret))


def is_secret_of(client: Client, secret: str) -> bool:
    """The client's secret, or the former one until its overlap is over."""
    if client.check_secret(secret):
        return True
    data = client.data if isinstance(client.data, dict) else {}
    return time.time() < data.get(FORMER_UNTIL, 0) and check_password(secret, data.get(FORMER, ""))


def replace_secret(client: Client, *, end_former: bool) -> str:
    """A new secret for the (unsaved) client. `end_former`: the old one is invalid at once."""
    data = {name: value for name, value in (client.data or {}).items() if name not in (FORMER, FORMER_UNTIL)}
    if not end_former:
        data |= {FORMER: client.secret, FORMER_UNTIL: time.time() + OVERLAP}
    client.data = data or None
    secret = new_secret()
    client.set_secret(secret)
    return secret

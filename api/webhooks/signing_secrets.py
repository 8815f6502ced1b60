"""Secrets of endpoints: generated here, shown once, stored sealed; and the signatures made with them."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import datetime

from standardwebhooks import Webhook

from api.models import WebhookEndpoint, WebhookMessage
from gate import sealing

PREFIX = "whsec_"
BYTES = 32


def give_secret(endpoint: WebhookEndpoint) -> str:
    """Set a new secret on the (unsaved) endpoint. Returns it in the form that receivers configure."""
    secret = PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()
    endpoint.secret = sealing.seal(secret.encode(), context=endpoint.uuid.bytes)
    return secret


def secret_of(endpoint: WebhookEndpoint) -> str:
    """The secret. Raises sealing.CannotOpen when its key is gone."""
    return sealing.open_sealed(bytes(endpoint.secret), context=endpoint.uuid.bytes).decode()


def rewrap_all() -> int:
    """Wrap every secret under the first key, after a new one was put first.

    Returns how many were under another.
    """
    again = 0
    for endpoint in WebhookEndpoint.objects.all():
        sealed = bytes(endpoint.secret)
        fresh = sealing.rewrap(sealed, context=endpoint.uuid.bytes)
        if sealing.key_id_of(fresh) != sealing.key_id_of(sealed):
            WebhookEndpoint.objects.filter(pk=endpoint.pk).update(secret=fresh)
            again += 1
    return again


def body_of(message: WebhookMessage) -> str:
    """`{"type": event, "timestamp": when it happened, "data": ids}`: the same bytes at every attempt."""
    return json.dumps(
        {"type": message.event, "timestamp": message.at.isoformat(), "data": message.ids},
        separators=(",", ":"),
        sort_keys=True,
    )


def headers_of(
    message: WebhookMessage, endpoint: WebhookEndpoint, body: str, *, now: datetime
) -> dict[str, str]:
    """The signature is over id, time of the attempt and body."""
    number = str(message.uuid)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Xinglin-Webhooks/1",
        "webhook-id": number,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret_of(endpoint)).sign(number, now, body),
    }

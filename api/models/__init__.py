"""Models of the API: responses by idempotency key, and webhooks with their deliveries."""

from __future__ import annotations

from api.models.kept_answers import KeptAnswer
from api.models.webhooks import Delivery, WebhookEndpoint, WebhookMessage

__all__ = ["Delivery", "KeptAnswer", "WebhookEndpoint", "WebhookMessage"]

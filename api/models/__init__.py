"""What the API keeps for itself: answers by idempotency key, and webhooks on their way."""

from __future__ import annotations

from api.models.kept_answers import KeptAnswer
from api.models.webhooks import Delivery, WebhookEndpoint, WebhookMessage

__all__ = ["Delivery", "KeptAnswer", "WebhookEndpoint", "WebhookMessage"]

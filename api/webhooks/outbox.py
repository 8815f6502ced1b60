"""Writes events of the gate as messages, in the transaction of the event."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from api.models import Delivery, WebhookEndpoint, WebhookMessage
from cms.models import ZonePage


def on_gate_changed(sender: type, event: str, ids: dict[str, str], **kwargs: Any) -> None:
    """Receiver of gate_changed (gate.notify.signals). Message and deliveries commit with the change."""
    endpoints = [
        endpoint
        for endpoint in WebhookEndpoint.objects.filter(active=True)
        if not endpoint.events or event in endpoint.events
    ]
    if not endpoints:
        return
    now = timezone.now()
    message = WebhookMessage.objects.create(event=event, ids=_public(ids), at=now)
    Delivery.objects.bulk_create(
        Delivery(message=message, endpoint=endpoint, due_at=now) for endpoint in endpoints
    )
    transaction.on_commit(send_webhooks.enqueue, robust=True)


def _public(ids: dict[str, str]) -> dict[str, str]:
    """A zone by the id of the API; the gate names it by its page."""
    if "zone" not in ids:
        return ids
    zone = ZonePage.objects.filter(pk=ids["zone"]).values_list("uuid", flat=True).first()
    return ids | {"zone": str(zone)} if zone else {name: ids[name] for name in ids if name != "zone"}


@task(queue_name="webhooks")
def send_webhooks() -> int:
    """Send what is due. Safe to run at any time and by several workers at once."""
    from api.webhooks.delivery import deliver_due

    return deliver_due()

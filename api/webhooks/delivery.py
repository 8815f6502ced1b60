"""Delivers messages at least once, with retries, until they arrive or are given up (dead letters).

A worker takes a delivery by advancing its `due_at`, so of two workers one sends it, and a worker that dies
leaves it to the next: then a message may arrive twice, with the same `webhook-id`.
"""

from __future__ import annotations

import http.client
import secrets
from datetime import datetime, timedelta

import structlog
from django.db.models import F, QuerySet
from django.utils import timezone

from api.models import Delivery, WebhookMessage
from api.webhooks import targets
from api.webhooks.signing_secrets import body_of, headers_of
from gate.sealing import CannotOpen

log = structlog.get_logger(__name__)

TAKEN = timedelta(minutes=2)  # longer than an attempt lasts
# After each failure: doubled up to a limit, about three days in all.
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=12)
MOST_ATTEMPTS = 16
BATCH = 100
KEPT = timedelta(days=30)
TIMED_OUT = "TimeoutError"


def due_deliveries(now: datetime | None = None) -> QuerySet[Delivery]:
    """Deliveries to attempt now."""
    return Delivery.objects.filter(
        state=Delivery.State.WAITING, due_at__lte=now or timezone.now(), endpoint__active=True
    )


def deliver_due() -> int:
    """Attempt what is due now. Returns how many arrived.

    A receiver that does not respond is waited for once in a run, not once for each of its deliveries: the
    others would wait for it too.
    """
    rows = due_deliveries().select_related("message", "endpoint").order_by("due_at", "pk")[:BATCH]
    arrived = 0
    silent: set[int] = set()
    for delivery in rows:
        if delivery.endpoint_id in silent:
            continue
        result = _attempt(delivery)
        arrived += has_arrived(result)
        if result == TIMED_OUT:
            silent.add(delivery.endpoint_id)
    return arrived


def replay(deliveries: QuerySet[Delivery]) -> int:
    """Send again, with the same id, what was delivered or given up. Returns the number."""
    return deliveries.exclude(state=Delivery.State.WAITING).update(
        state=Delivery.State.WAITING, attempts=0, due_at=timezone.now()
    )


def forget_old() -> int:
    """Delete messages that are older than KEPT and have no open delivery. Returns the number."""
    old = WebhookMessage.objects.filter(at__lt=timezone.now() - KEPT)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).values("message_id")
    return old.exclude(pk__in=waiting).delete()[1].get("api.WebhookMessage", 0)


def wait_after(attempts: int) -> timedelta:
    """Exponential, with full jitter in the upper half, so that receivers that recover are not overrun."""
    whole = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    return whole / 2 + (whole / 2) * (secrets.randbelow(1001) / 1000)


def has_arrived(result: str) -> bool:
    """Whether the receiver accepted it."""
    return result.isdigit() and 200 <= int(result) < 300


def _attempt(delivery: Delivery) -> str:
    """The result of the attempt; "" when another worker has taken the delivery."""
    now = timezone.now()
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING, due_at=delivery.due_at)
    if not mine.update(due_at=now + TAKEN, attempts=F("attempts") + 1):
        return ""
    result = _send(delivery, now)
    attempts = delivery.attempts + 1
    changes: dict[str, object] = {"last_result": result[:40]}
    if has_arrived(result):
        changes["state"] = Delivery.State.DELIVERED
    elif attempts >= MOST_ATTEMPTS or result == "410":  # gone: the receiver wants no more
        changes["state"] = Delivery.State.DEAD
        log.warning("webhook_given_up", delivery=delivery.pk, endpoint=delivery.endpoint_id, result=result)
    else:
        changes["due_at"] = now + wait_after(attempts)
    Delivery.objects.filter(pk=delivery.pk).update(**changes)
    return result


def _send(delivery: Delivery, now: datetime) -> str:
    """The HTTP status, or a word for the reason why there is none. The receiver's body is not stored."""
    body = body_of(delivery.message)
    try:
        headers = headers_of(delivery.message, delivery.endpoint, body, now=now)
        return str(targets.post(delivery.endpoint.url, body.encode(), headers))
    except targets.TargetRefused as error:
        return error.code
    except CannotOpen:
        return "secret_lost"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__

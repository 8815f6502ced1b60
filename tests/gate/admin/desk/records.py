"""Requests and decisions of any day, as the services would have left them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gate.models import User, Verification, VerificationEvent
from tests.factories.gate import UserFactory, application


def request_of(
    *, zone: Any = None, submitted_at: datetime, state: str = "submitted", **fields: Any
) -> Verification:
    """A request without files, of a new person."""
    fields = application() | {"user": fields.pop("user", None) or UserFactory()} | fields
    return Verification.objects.create(zone=zone, submitted_at=submitted_at, state=state, **fields)


def decided(
    state: str,
    by: User,
    *,
    zone: Any = None,
    at: datetime | None = None,
    after: timedelta = timedelta(hours=1),
    **fields: Any,
) -> Verification:
    """A request that was approved or rejected `at` (now), `after` so long a wait."""
    at = at or timezone.now()
    if state == "rejected":
        fields.setdefault("reason", "证件照片无法辨认。")
    case = request_of(zone=zone, submitted_at=at - after, state=state, decided_at=at, reviewer=by, **fields)
    event(case, state, by, at=at)
    return case


def event(case: Verification, action: str, by: User, *, at: datetime) -> VerificationEvent:
    return VerificationEvent.objects.create(
        verification=case, actor=by, from_state="in_review", to_state=case.state, action=action, at=at
    )

"""Who may see the answers of which zones: users who manage every gate, or the gates of some zones."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from cms.models import ZonePage
from gate.models import User
from gate.people.grants import Right, zones_with_right

GLOBAL_PERMISSION = "gate.manage_gate"


def zones_with_results(user: Any) -> QuerySet[ZonePage]:
    """The zones whose answers this user may see, by title; none for readers."""
    zones = ZonePage.objects.order_by("title", "pk")
    if not isinstance(user, User) or not user.is_active:
        return zones.none()
    if user.has_perm(GLOBAL_PERMISSION):
        return zones
    return zones.filter(pk__in=zones_with_right(user, Right.MANAGE_GATE))


def may_see_results(user: Any) -> bool:
    """True when there is any zone whose answers this user may see."""
    return zones_with_results(user).exists()

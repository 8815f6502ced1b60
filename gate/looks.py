"""One look at one credential: recorded by a POST, redeemed once, soon, by the reviewer who recorded it.

The audit row itself is the permit, so an address needs no token and opens nothing for anybody else.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from gate.models import AuditEvent, Credential, User, Verification

# Long enough for a slow network to follow the redirect, too short for an address that was passed on.
LOOK_LASTS = timedelta(minutes=1)


def look_target(credential: Credential) -> str:
    """How an AuditEvent names a credential."""
    return f"credential:{credential.pk}"


def pending_look(*, look: int, case: Verification, reviewer: User) -> Credential | None:
    """The credential that this look would show; None when the look is somebody else's, of another case, over
    or already redeemed.
    """
    event = AuditEvent.objects.filter(
        pk=look,
        actor=reviewer,
        action=AuditEvent.Action.CREDENTIAL_VIEWED,
        subject=case.user_id,
        at__gt=timezone.now() - LOOK_LASTS,
    ).first()
    if event is None or cache.get(_key(look)):
        return None
    return next((row for row in case.credentials.all() if look_target(row) == event.target), None)


def redeem(look: int) -> bool:
    """True once; the cache's add() is atomic, so of two requests at once one gets the picture."""
    return cache.add(_key(look), True, timeout=int(LOOK_LASTS.total_seconds()) * 2)


def _key(look: int) -> str:
    return f"gate:look:{look}"

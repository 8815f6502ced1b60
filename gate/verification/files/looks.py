"""Looks at credentials: recorded by a POST, redeemed once, soon, by the reviewer who recorded it.

The audit row itself is the permit, so an address needs no token and opens nothing for another user. A look
counts for a decision when the picture was drawn for that reviewer, and for that credential only: a new
submission has credentials of its own.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from gate.models import AuditEvent, Credential, CredentialLook, User, Verification

# Long enough for a slow network to follow the redirect, too short for an address that was passed on.
LOOK_LASTS = timedelta(minutes=1)


def look_target(credential: Credential) -> str:
    """How an AuditEvent names a credential."""
    return f"credential:{credential.pk}"


def pending_look(*, look: int, case: Verification, reviewer: User) -> Credential | None:
    """The credential that this look would show.

    None when the look is another reviewer's, of another case, over or already redeemed.
    """
    event = AuditEvent.objects.filter(
        pk=look,
        actor=reviewer,
        action=AuditEvent.Action.CREDENTIAL_VIEWED,
        subject=case.user_id,
        at__gt=timezone.now() - LOOK_LASTS,
    ).first()
    if event is None or CredentialLook.objects.filter(permit=look).exists():
        return None
    return next((row for row in case.credentials.all() if look_target(row) == event.target), None)


def redeem(*, look: int, credential: Credential, reviewer: User) -> bool:
    """True once; the permit is unique, so of two requests at once one gets the picture."""
    try:
        with transaction.atomic():
            CredentialLook.objects.create(
                credential=credential, reviewer=reviewer, permit=look, at=timezone.now()
            )
    except IntegrityError:
        return False
    return True


def numbered_files(case: Verification) -> list[tuple[int, Credential]]:
    """The files of the case that still exist, numbered from 1 as the desk shows them."""
    kept = (row for row in case.credentials.all() if row.deleted_at is None)
    return list(enumerate(kept, start=1))


def unseen_files(case: Verification, reviewer: User) -> list[int]:
    """The numbers of the files that this reviewer has not seen yet. Looks of colleagues do not count."""
    looks = CredentialLook.objects.filter(credential__verification=case, reviewer=reviewer)
    seen = set(looks.values_list("credential_id", flat=True))
    return [number for number, row in numbered_files(case) if row.pk not in seen]

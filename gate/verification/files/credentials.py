"""Looks at a credential: by the assigned reviewer, with a reason, on record before a byte is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from gate.errors import MissingReason, NotYourCase
from gate.models import OPEN_STATES, AuditEvent, Credential, User, Verification
from gate.people.reviewing import may_see_credentials
from gate.steps.turns import lock_user
from gate.verification.files import vault
from gate.verification.files.looks import look_target, pending_look, redeem
from gate.verification.transitions import change_state

TAKEN_BACK: dict[str, Any] = {
    "reviewer": None,
    "claimed_at": None,
    "held_until": None,
    "requeued_at": None,
    "proposal": {},
    "proposed_by": None,
}


@transaction.atomic
def delete_credentials(*, case: Verification, by: User | None = None, reason: str = "") -> int:
    """Delete the files of a case for good; the rows with their keyed hashes stay. Returns the number."""
    lock_user(case.user_id)
    row = Verification.objects.select_for_update().get(pk=case.pk)
    files = list(row.credentials.filter(deleted_at=None))
    for file in files:
        vault.discard(file)
    if files:
        AuditEvent.record(AuditEvent.Action.CREDENTIALS_DELETED, by, row.user, row, reason, files=len(files))
    return len(files)


def stop_using_credentials(user: User) -> None:
    """After a withdrawn consent, delete every file of the (locked) user, in the caller's transaction.

    What is undecided goes back to them as a draft. An approval stays: it was given while the consent was in
    force.
    """
    for case in Verification.objects.select_for_update().filter(user=user).order_by("pk"):
        delete_credentials(case=case, by=user)
        if case.state in OPEN_STATES:
            change_state(case, Verification.State.DRAFT, "consent_withdrawn", user, **TAKEN_BACK)


@transaction.atomic
def record_look(*, credential: Credential, case: Verification, reviewer: User, reason: str) -> AuditEvent:
    """The row that permits one look by show_look; it commits before a byte is shown.

    NotYourCase unless the case is claimed by this reviewer, who may see credentials in its zone, and the
    credential belongs to it. MissingReason without a reason.
    """
    if not reason.strip():
        raise MissingReason
    row = _check_assigned(credential=credential, case=case, reviewer=reviewer)
    viewed = AuditEvent.Action.CREDENTIAL_VIEWED
    return AuditEvent.record(viewed, reviewer, row.user, look_target(credential), reason, case=str(row.uuid))


def show_look(
    *,
    look: int,
    credential: Credential,
    case: Verification,
    reviewer: User,
    draw: Callable[[bytes], bytes],
) -> bytes:
    """What `draw` makes of the plain bytes of a recorded look, once and within LOOK_LASTS.

    NotYourCase otherwise, also when the case was taken away or decided since. Drawing is slow and may fail:
    no lock is held meanwhile, and what could not be drawn was not seen.
    """
    if pending_look(look=look, case=case, reviewer=reviewer) != credential:
        raise NotYourCase
    with transaction.atomic():
        _check_assigned(credential=credential, case=case, reviewer=reviewer)
    drawn = draw(vault.read(credential))
    if not redeem(look=look, credential=credential, reviewer=reviewer):
        raise NotYourCase
    return drawn


def _check_assigned(*, credential: Credential, case: Verification, reviewer: User) -> Verification:
    lock_user(case.user_id)
    row = Verification.objects.select_for_update().get(pk=case.pk)
    assigned = row.state == Verification.State.IN_REVIEW and row.reviewer_id == reviewer.pk
    if credential.verification_id != row.pk or not assigned or not may_see_credentials(reviewer, row):
        raise NotYourCase
    return row

"""Looking at a credential: for the assigned reviewer only, with a reason, and on record before a byte is shown."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from gate import vault
from gate.errors import MissingReason, NotYourCase
from gate.models import AuditEvent, Credential, User, Verification
from gate.reviewing import may_see_credentials


def open_credential(*, credential: Credential, case: Verification, reviewer: User, reason: str) -> bytes:
    """The plain bytes. NotYourCase unless the case is claimed by this reviewer, who may see credentials in its
    zone, and the credential belongs to it. Every look appends one AuditEvent, which commits first.
    """
    if not reason.strip():
        raise MissingReason
    with transaction.atomic():
        row = Verification.objects.select_for_update().get(pk=case.pk)
        assigned = row.state == Verification.State.IN_REVIEW and row.reviewer_id == reviewer.pk
        if credential.verification_id != row.pk or not assigned or not may_see_credentials(reviewer, row):
            raise NotYourCase
        AuditEvent.objects.create(
            at=timezone.now(),
            actor=reviewer,
            action=AuditEvent.Action.CREDENTIAL_VIEWED,
            subject_id=row.user_id,
            target=f"credential:{credential.pk}",
            reason=reason.strip()[:500],
            detail={"case": str(row.uuid)},
        )
    return vault.read(credential)

"""Revokes approvals: proposed by one reviewer, carried out or declined by another."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.errors import AlreadyDecided, NotYourCase
from gate.models import AuditEvent, CaseMessage, User, Verification
from gate.notify.notifications import notify_of_state
from gate.verification.reviewer_mails import call_reviewers_after_commit
from gate.verification.second_review import Cause
from gate.verification.transitions import (
    append_message,
    change_state,
    check_unchanged,
    clean_message,
    lock_case,
)

State = Verification.State
LONGEST_REASON = 1000


@transaction.atomic
def propose_revocation(
    *, case: Verification, reviewer: User, reason: str, seen: int | None = None
) -> Verification:
    """Ask for a second reviewer to revoke the approval; until then it stays in force.

    MissingReason without a reason, ValueError beyond LONGEST_REASON characters, AlreadyDecided when the
    verification is not approved or a revocation waits already.
    """
    words = clean_message(reason, most=LONGEST_REASON)
    row = _lock_approved(case, reviewer, seen)
    if row.proposal:
        raise AlreadyDecided(_("A revocation waits for a second reviewer already."))
    append_message(row, CaseMessage.Kind.DECISION, reviewer, words)
    proposal = {"decision": State.REVOKED.value, "causes": [Cause.REVOCATION.value], "reason": words}
    change_state(
        row,
        State.APPROVED,
        "revocation_proposed",
        reviewer,
        proposal=proposal | {"at": timezone.now().isoformat()},
        proposed_by=reviewer,
    )
    call_reviewers_after_commit(row)
    return row


@transaction.atomic
def revoke(*, case: Verification, reviewer: User, seen: int | None = None) -> Verification:
    """Carry out what another reviewer proposed, for their reason.

    Every approval of the user ends, with the next request everywhere. NotYourCase for the reviewer who
    proposed it.
    """
    row = _lock_proposed(case, reviewer, seen)
    if row.proposed_by_id == reviewer.pk:
        raise NotYourCase(_("You proposed this revocation. Another reviewer has to confirm it."))
    reason = row.proposal["reason"]
    for other in Verification.objects.filter(user_id=row.user_id, state=State.APPROVED).exclude(pk=row.pk):
        change_state(other, State.REVOKED, "revoked", reviewer, reason=reason, proposal={})
    detail = {"proposal": "confirmed", "proposed_by": row.proposed_by_id}
    change_state(row, State.REVOKED, "revoked", reviewer, detail=detail, reason=reason, proposal={})
    AuditEvent.record(
        AuditEvent.Action.VERIFICATION_REVOKED,
        reviewer,
        row.user,
        row,
        reason,
        proposed_by=row.proposed_by_id,
    )
    notify_of_state(row)
    return row


@transaction.atomic
def decline_revocation(*, case: Verification, reviewer: User, seen: int | None = None) -> Verification:
    """Keep the approval; the reviewer who proposed the revocation may withdraw it in the same way."""
    row = _lock_proposed(case, reviewer, seen)
    return change_state(row, State.APPROVED, "revocation_declined", reviewer, proposal={})


def _lock_approved(case: Verification, reviewer: User, seen: int | None) -> Verification:
    # A reviewer who may not decide the case first may still revoke it: these are other decisions.
    row = lock_case(case, reviewer, even_if_claimed=True)
    if row.state != State.APPROVED:
        raise AlreadyDecided(_("This request is not approved."))
    check_unchanged(row, seen)
    return row


def _lock_proposed(case: Verification, reviewer: User, seen: int | None) -> Verification:
    row = _lock_approved(case, reviewer, seen)
    if not row.revocation_proposed:
        raise AlreadyDecided(_("No revocation waits for a second reviewer."))
    return row

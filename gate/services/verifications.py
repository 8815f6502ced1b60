"""Deciding requests: claim, release, approve, reject, revoke, expire. One winner each, one event row each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.errors import AlreadyDecided, MissingReason, NotYourCase
from gate.models import OPEN_STATES, User, Verification, VerificationEvent
from gate.notifications import notify_after_commit
from gate.reviewing import claimed_by_another, may_review
from gate.services.admissions import admit_if_complete
from gate.services.turns import lock_person

State = Verification.State

# Practice registration is checked every two years in China; nobody is recognised for longer than five.
USUAL_TERM = timedelta(days=730)
LONGEST_TERM = timedelta(days=5 * 365)


@transaction.atomic
def claim(*, case: Verification, reviewer: User) -> Verification:
    """Take a waiting case; from then on its file and its decision are this reviewer's. Again is harmless."""
    row = _locked(case, reviewer)
    _check_open(row)
    if row.state == State.IN_REVIEW and row.reviewer_id == reviewer.pk:
        return row
    return _move(row, State.IN_REVIEW, "claimed", reviewer, reviewer=reviewer, claimed_at=timezone.now())


@transaction.atomic
def release(*, case: Verification, reviewer: User) -> Verification:
    """Put a claimed case back into the queue, where it keeps its place."""
    row = _locked(case, reviewer)
    if row.state != State.IN_REVIEW:
        raise AlreadyDecided
    return _move(row, State.SUBMITTED, "released", reviewer, reviewer=None, claimed_at=None)


@transaction.atomic
def approve(
    *, case: Verification, reviewer: User, expires_at: datetime | None = None, seen: int | None = None
) -> Verification:
    """Recognise the person until `expires_at` (usual: USUAL_TERM, at most LONGEST_TERM) and admit them where
    nothing else is missing, in the same transaction. `seen`: pk of the last event the reviewer had on screen.
    """
    row = _locked(case, reviewer)
    _check_open(row, seen)
    now = timezone.now()
    ends = expires_at or now + USUAL_TERM
    if not now < ends <= now + LONGEST_TERM:
        raise ValueError("expires_at must lie in the future and within LONGEST_TERM")
    for older in Verification.objects.filter(user_id=row.user_id, state=State.APPROVED).exclude(pk=row.pk):
        _move(older, State.EXPIRED, "superseded", reviewer)
    _move(row, State.APPROVED, "approved", reviewer, reviewer=reviewer, decided_at=now, expires_at=ends)
    admit_if_complete(user=row.user)
    notify_after_commit(row)
    return row


@transaction.atomic
def reject(
    *,
    case: Verification,
    reviewer: User,
    reason: str,
    field_reasons: dict[str, str] | None = None,
    seen: int | None = None,
) -> Verification:
    """Send the request back with a reason, and notes beside the fields they concern."""
    if not reason.strip():
        raise MissingReason
    row = _locked(case, reviewer)
    _check_open(row, seen)
    notes = {name: note.strip() for name, note in (field_reasons or {}).items() if note.strip()}
    _move(
        row,
        State.REJECTED,
        "rejected",
        reviewer,
        reviewer=reviewer,
        decided_at=timezone.now(),
        reason=reason.strip(),
        field_reasons=notes,
    )
    notify_after_commit(row)
    return row


@transaction.atomic
def revoke(*, case: Verification, reviewer: User, reason: str) -> Verification:
    """The person is no longer recognised: every approval of theirs ends, with the next request everywhere."""
    if not reason.strip():
        raise MissingReason
    row = _locked(case, reviewer)
    if row.state != State.APPROVED:
        raise AlreadyDecided
    for other in Verification.objects.filter(user_id=row.user_id, state=State.APPROVED).exclude(pk=row.pk):
        _move(other, State.REVOKED, "revoked", reviewer, reason=reason.strip())
    _move(row, State.REVOKED, "revoked", reviewer, reason=reason.strip())
    notify_after_commit(row)
    return row


def expire_due() -> int:
    """Mark approvals that have run out; the policy has denied since the moment itself. Returns how many."""
    due = Verification.objects.filter(state=State.APPROVED, expires_at__lte=timezone.now())
    return sum(_expire(pk, user_id) for pk, user_id in due.values_list("pk", "user_id"))


@transaction.atomic
def _expire(pk: int, user_id: int) -> bool:
    lock_person(user_id)
    row = Verification.objects.select_for_update().get(pk=pk)
    if row.state != State.APPROVED or row.expires_at is None or row.expires_at > timezone.now():
        return False
    _move(row, State.EXPIRED, "expired", None)
    return True


def _locked(case: Verification, reviewer: User) -> Verification:
    """The case as it is now, locked after its person. NotYourCase unless this reviewer may act on it."""
    person = lock_person(case.user_id)
    row = Verification.objects.select_for_update().get(pk=case.pk)
    row.user = person
    if row.user_id == reviewer.pk:
        raise NotYourCase(_("Nobody decides their own request."))
    if not may_review(reviewer, row):
        raise NotYourCase
    if claimed_by_another(reviewer, row):
        raise NotYourCase(_("Another reviewer is working on this case."))
    return row


def _check_open(row: Verification, seen: int | None = None) -> None:
    if row.state not in OPEN_STATES:
        raise AlreadyDecided(_("This case has been decided already."))
    if seen is not None and seen != row.events.order_by("-pk").values_list("pk", flat=True).first():
        raise AlreadyDecided(_("This case has changed since you opened it. Please look at it again."))


def _move(
    row: Verification, to: Verification.State, action: str, actor: User | None, **fields: object
) -> Verification:
    """Change the state and append the event that says so."""
    before = row.state
    row.state = to
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *fields])
    VerificationEvent.objects.create(
        verification=row, actor=actor, from_state=before, to_state=to, action=action, at=timezone.now()
    )
    return row

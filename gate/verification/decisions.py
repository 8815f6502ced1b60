"""Decides cases: claim, approve, reject, confirm, expire. One winner each, one event row each.

A decision that needs a second review (gate.verification.second_review) is stored as a proposal and goes back
to the queue; the decision of another reviewer ends the case.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.errors import AlreadyDecided, MissingReason
from gate.models import CaseMessage, User, Verification
from gate.notify.notifications import notify_after_commit, notify_of_state
from gate.people.reviewing import may_take_back
from gate.steps.admissions import admit_if_complete
from gate.steps.turns import lock_user
from gate.verification.form import FILES_FIELD
from gate.verification.second_review import causes, is_seconded
from gate.verification.transitions import (
    append_message,
    change_state,
    check_looked,
    check_undecided,
    lock_case,
)

State = Verification.State

# Practice registration is checked every two years in China; no user is recognised for longer than five.
USUAL_TERM = timedelta(days=730)
LONGEST_TERM = timedelta(days=5 * 365)
UNCLAIMED: dict[str, Any] = {"reviewer": None, "claimed_at": None, "held_until": None}


@transaction.atomic
def claim(*, case: Verification, reviewer: User) -> Verification:
    """Claim a waiting case; from then on its file and its decision are this reviewer's. Again is harmless.

    The reviewer who asked the applicant may take the case back at any time, others after ANSWER_WITHIN.
    """
    row = lock_case(case, reviewer)
    now = timezone.now()
    paused: dict[str, Any] = {}
    if row.state == State.NEEDS_ANSWER and may_take_back(reviewer, row, now=now):
        paused = {"requeued_at": without_pause(row, now)}
    else:
        check_undecided(row)
    if row.state == State.IN_REVIEW and row.reviewer_id == reviewer.pk:
        return row
    fields = {"reviewer": reviewer, "claimed_at": now, "held_until": None, **paused}
    change_state(row, State.IN_REVIEW, "claimed", reviewer, **fields)
    notify_after_commit("verification.claimed", case=row)
    return row


@transaction.atomic
def release(*, case: Verification, reviewer: User) -> Verification:
    """Return a claimed case to the queue, where it keeps its place."""
    row = lock_case(case, reviewer)
    if row.state != State.IN_REVIEW:
        raise AlreadyDecided
    return change_state(row, State.SUBMITTED, "released", reviewer, **UNCLAIMED)


@transaction.atomic
def approve(
    *, case: Verification, reviewer: User, expires_at: datetime | None = None, seen: int | None = None
) -> Verification:
    """Recognise the applicant until `expires_at`, and admit them where nothing else is missing.

    Usual: USUAL_TERM, at most LONGEST_TERM; all in one transaction. `seen`: pk of the last event the
    reviewer had on screen. The state is submitted, with a `proposal`, when another reviewer has to confirm.
    LookRequired unless the reviewer has seen every file.
    """
    row = lock_case(case, reviewer)
    check_undecided(row, seen)
    check_looked(row, reviewer)
    now = timezone.now()
    if expires_at is not None and not now < expires_at <= now + LONGEST_TERM:
        raise ValueError("expires_at must lie in the future and within LONGEST_TERM")
    why = causes(row, State.APPROVED)
    if why and not is_seconded(row, State.APPROVED, why):
        chosen = {"expires_at": expires_at.isoformat() if expires_at else None}
        return _propose(row, reviewer, {"decision": State.APPROVED.value, "causes": why, **chosen})
    standing = Verification.objects.filter(user_id=row.user_id, state=State.APPROVED).exclude(pk=row.pk)
    if any(older.revocation_proposed for older in standing):
        raise AlreadyDecided(
            _("A revocation of this applicant's approval waits for a second reviewer first.")
        )
    for older in standing:
        change_state(older, State.EXPIRED, "superseded", reviewer)
    _decide(row, State.APPROVED, reviewer, now, expires_at=expires_at or now + USUAL_TERM)
    admit_if_complete(user=row.user)
    notify_of_state(row)
    return row


@transaction.atomic
def reject(
    *,
    case: Verification,
    reviewer: User,
    reason: str,
    field_reasons: dict[str, str] | None = None,
    seen: int | None = None,
    from_files: bool = True,
) -> Verification:
    """Reject the case with a reason, and notes beside the fields they concern.

    As with approve(), it may become a proposal that another reviewer has to confirm. LookRequired unless the
    reviewer has seen every file, or the reason has nothing to do with what the files show (`from_files`).
    """
    if not reason.strip():
        raise MissingReason
    row = lock_case(case, reviewer)
    check_undecided(row, seen)
    if from_files or FILES_FIELD in (field_reasons or {}):
        check_looked(row, reviewer, without_file=True)
    notes = {name: note.strip() for name, note in (field_reasons or {}).items() if note.strip()}
    why = causes(row, State.REJECTED)
    if why and not is_seconded(row, State.REJECTED, why):
        words = {"reason": reason.strip(), "field_reasons": notes}
        return _propose(row, reviewer, {"decision": State.REJECTED.value, "causes": why, **words})
    _decide(row, State.REJECTED, reviewer, timezone.now(), reason=reason.strip(), notes=notes)
    notify_of_state(row)
    return row


@transaction.atomic
def confirm(*, case: Verification, reviewer: User, seen: int | None = None) -> Verification:
    """Decide as the first reviewer proposed, with their text.

    AlreadyDecided when nothing is proposed, or an approval until a day that has passed; LookRequired as with
    approve(): the second reviewer looks too.
    """
    row = lock_case(case, reviewer)
    check_undecided(row, seen)
    match row.proposal.get("decision"):
        case State.APPROVED:
            wanted = row.proposal["expires_at"]
            ends = datetime.fromisoformat(wanted) if wanted else None
            if ends is not None and ends <= timezone.now():
                raise AlreadyDecided(_("The proposed end has passed. Please approve it until another day."))
            return approve(case=row, reviewer=reviewer, expires_at=ends)
        case State.REJECTED:
            words = {name: row.proposal[name] for name in ("reason", "field_reasons")}
            return reject(case=row, reviewer=reviewer, **words)
    raise AlreadyDecided


def expire_due() -> int:
    """Mark approvals that have run out; the policy has denied since the moment itself. Returns the number."""
    due = Verification.objects.filter(state=State.APPROVED, expires_at__lte=timezone.now())
    return sum(_expire(pk, user_id) for pk, user_id in due.values_list("pk", "user_id"))


@transaction.atomic
def _expire(pk: int, user_id: int) -> bool:
    lock_user(user_id)
    row = Verification.objects.select_for_update().get(pk=pk)
    if row.state != State.APPROVED or row.expires_at is None or row.expires_at > timezone.now():
        return False
    change_state(row, State.EXPIRED, "expired", None, proposal={})
    notify_of_state(row)
    return True


def without_pause(row: Verification, now: datetime) -> datetime:
    """The value of `requeued_at` when a case that waited for the applicant waits for a reviewer again."""
    since, asked_at = row.waits_since or now, row.claimed_at or now
    return since + (now - asked_at)


def _propose(row: Verification, reviewer: User, proposal: dict[str, Any]) -> Verification:
    """Store the first decision and return the case, for every reviewer but this one."""
    said = {name: proposal[name] for name in ("decision", "causes")}
    if proposal.get("reason"):
        append_message(row, CaseMessage.Kind.DECISION, reviewer, proposal["reason"])
    fields = {**UNCLAIMED, "proposal": proposal, "proposed_by": reviewer}
    return change_state(row, State.SUBMITTED, "proposed", reviewer, detail=said, **fields)


def _decide(
    row: Verification,
    to: Verification.State,
    reviewer: User,
    now: datetime,
    *,
    expires_at: datetime | None = None,
    reason: str = "",
    notes: dict[str, str] | None = None,
) -> Verification:
    """The decision that counts. Its event records the outcome of a proposal or an appeal."""
    detail: dict[str, Any] = {}
    if row.proposal:
        agreed = row.proposal["decision"] == to
        detail |= {"proposal": "confirmed" if agreed else "overturned", "proposed_by": row.proposed_by_id}
    if row.appealed_from_id:
        detail["appeal"] = "upheld" if to == State.REJECTED else "overturned"
    return change_state(
        row,
        to,
        to.value,
        reviewer,
        detail=detail,
        reviewer=reviewer,
        decided_at=now,
        held_until=None,
        reason=reason,
        field_reasons=notes or {},
        expires_at=expires_at,
        proposal={},
    )

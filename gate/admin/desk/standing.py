"""What this reviewer may do with this case now, with the sentences that the page shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gate.models import DESK_STATES, User, Verification
from gate.people.reviewing import (
    ANSWER_WITHIN,
    barred,
    claim_ends,
    claimed_by_another,
    may_review,
    may_see_credentials,
    may_take_back,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """`status` stands in the decision bar; `why_hidden` where the credential cannot be shown."""

    can_claim: bool
    can_decide: bool
    can_note: bool
    can_reveal: bool
    can_revoke: bool
    can_confirm_revocation: bool
    can_decline_revocation: bool
    status: str
    why_hidden: str


def standing_of(case: Verification, viewer: User) -> Standing:
    """The services check the same again, under a lock: this only decides what is offered."""
    is_open = case.state in DESK_STATES
    kept_out = barred(viewer, case)
    mine = is_open and case.state == Verification.State.IN_REVIEW and case.reviewer_id == viewer.pk
    free = is_open and not mine and not claimed_by_another(viewer, case) and not kept_out
    reviews = may_review(viewer, case)
    allowed = reviews and not kept_out
    sees = may_see_credentials(viewer, case) and not kept_out
    return Standing(
        can_claim=allowed and (free or may_take_back(viewer, case)),
        can_decide=allowed and mine,
        can_note=reviews,
        can_reveal=sees and (mine or free),
        can_revoke=reviews and case.state == Verification.State.APPROVED and not case.proposal,
        can_confirm_revocation=reviews and case.revocation_proposed and case.proposed_by_id != viewer.pk,
        can_decline_revocation=reviews and case.revocation_proposed,
        status=_status(case, viewer, mine=mine, free=free),
        why_hidden=_why_hidden(case, viewer, free=mine or free, sees=sees),
    )


def _status(case: Verification, viewer: User, *, mine: bool, free: bool) -> str:
    if case.state == Verification.State.NEEDS_ANSWER:
        return _asked(case)
    if case.revocation_proposed:
        return _revocation(case, viewer)
    if case.state not in DESK_STATES:
        return _decided(case)
    if why := barred(viewer, case):
        return why
    if free:
        return _("No reviewer is working on this case.")
    until = _clock(case)
    if mine and _is_over(case):
        return _("Your time ended at %(time)s: you can still decide, and others can take it.") % {
            "time": until
        }
    if mine:
        return _("Yours until %(time)s; then others can take it.") % {"time": until}
    return _("%(name)s is working on this case until %(time)s.") % {"name": case.reviewer, "time": until}


def _decided(case: Verification) -> str:
    if case.reviewer is None or case.decided_at is None or case.state == Verification.State.REVOKED:
        return str(case.get_state_display())
    day = date_format(timezone.localtime(case.decided_at), "DATE_FORMAT")
    return _("%(state)s by %(name)s on %(day)s") % {
        "state": case.get_state_display(),
        "name": case.reviewer,
        "day": day,
    }


def _revocation(case: Verification, viewer: User) -> str:
    if case.proposed_by_id == viewer.pk:
        return _(
            "You proposed to revoke it. Until another reviewer confirms that, the approval stays in force."
        )
    return _("%(name)s proposes to revoke it. Until you confirm that, the approval stays in force.") % {
        "name": case.proposed_by
    }


def _asked(case: Verification) -> str:
    if case.claimed_at is None:
        return str(case.get_state_display())
    anybody = timezone.localtime(case.claimed_at + ANSWER_WITHIN)
    return _(
        "%(name)s asked the applicant something. Without an answer, others can take the case on %(day)s."
    ) % {
        "name": case.reviewer,
        "day": date_format(anybody, "DATE_FORMAT"),
    }


def _why_hidden(case: Verification, viewer: User, *, free: bool, sees: bool) -> str:
    if case.state == Verification.State.NEEDS_ANSWER:
        return _("The case waits for the applicant. Its file opens again with their answer.")
    if case.state not in DESK_STATES:
        return _("The case is decided. Its file can no longer be opened.")
    if why := barred(viewer, case):
        return why
    if not free:
        return _("Only the reviewer who is working on the case can open its file.")
    return "" if sees else _("You can review in this zone, but have no right to see its credentials.")


def _is_over(case: Verification) -> bool:
    ends = claim_ends(case)
    return ends is None or ends <= timezone.now()


def _clock(case: Verification) -> str:
    """The hour today, with the day on another one."""
    ends = claim_ends(case)
    if ends is None:
        return "—"
    local = timezone.localtime(ends)
    return local.strftime("%H:%M" if local.date() == timezone.localdate() else "%Y-%m-%d %H:%M")

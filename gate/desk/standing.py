"""What this reviewer may do with this case now, in the words that the page says it with."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gate.models import OPEN_STATES, User, Verification
from gate.reviewing import CLAIM_LASTS, claimed_by_another, may_review, may_see_credentials


@dataclass(frozen=True, slots=True)
class Standing:
    """`status` stands in the decision bar; `why_hidden` where the credential cannot be shown."""

    can_claim: bool
    can_decide: bool
    can_reveal: bool
    status: str
    why_hidden: str


def standing_of(case: Verification, viewer: User) -> Standing:
    """The services check the same again, under a lock: this only decides what is offered."""
    is_open = case.state in OPEN_STATES
    mine = is_open and case.state == Verification.State.IN_REVIEW and case.reviewer_id == viewer.pk
    free = is_open and not mine and not claimed_by_another(viewer, case)
    allowed = may_review(viewer, case)
    sees = may_see_credentials(viewer, case)
    return Standing(
        can_claim=allowed and free,
        can_decide=allowed and mine,
        can_reveal=sees and (mine or free),
        status=_status(case, viewer, mine=mine, free=free),
        why_hidden=_why_hidden(case, viewer, free=mine or free, sees=sees),
    )


def _status(case: Verification, viewer: User, *, mine: bool, free: bool) -> str:
    if case.state not in OPEN_STATES:
        return _decided(case)
    if case.user_id == viewer.pk:
        return _("This is your own request. Nobody decides their own: another reviewer will.")
    if free:
        return _("Nobody is working on this case.")
    until = _clock(case)
    if mine and _is_over(case):
        return _("Your time ended at %(time)s: you can still decide, and others can take it.") % {
            "time": until
        }
    if mine:
        return _("Yours until %(time)s; then others can take it.") % {"time": until}
    return _("%(name)s is working on this case until %(time)s.") % {"name": case.reviewer, "time": until}


def _decided(case: Verification) -> str:
    if case.reviewer is None or case.decided_at is None:
        return str(case.get_state_display())
    day = date_format(timezone.localtime(case.decided_at), "DATE_FORMAT")
    return _("%(state)s by %(name)s on %(day)s") % {
        "state": case.get_state_display(),
        "name": case.reviewer,
        "day": day,
    }


def _why_hidden(case: Verification, viewer: User, *, free: bool, sees: bool) -> str:
    if case.user_id == viewer.pk:
        return _("This is your own request. Nobody decides their own: another reviewer will.")
    if case.state not in OPEN_STATES:
        return _("The case is decided. Its file opens for nobody.")
    if not free:
        return _("Only the reviewer who is working on the case can open its file.")
    return "" if sees else _("You can review in this zone, but have no right to see its credentials.")


def _is_over(case: Verification) -> bool:
    return case.claimed_at is None or case.claimed_at + CLAIM_LASTS <= timezone.now()


def _clock(case: Verification) -> str:
    if case.claimed_at is None:
        return "—"
    return timezone.localtime(case.claimed_at + CLAIM_LASTS).strftime("%H:%M")

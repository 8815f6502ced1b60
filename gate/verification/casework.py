"""Services for a case that do not decide it: ask the applicant, hand it over, leave a note."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.errors import NotYourCase
from gate.models import CaseMessage, User, Verification
from gate.notify.notifications import notify_after_commit
from gate.people.reviewing import HELD_FOR, colleagues
from gate.verification.transitions import (
    append_message,
    change_state,
    check_undecided,
    clean_message,
    lock_case,
)

Kind, State = CaseMessage.Kind, Verification.State
LONGEST_TEXT = 1000


@transaction.atomic
def request_information(
    *, case: Verification, reviewer: User, question: str, seen: int | None = None
) -> Verification:
    """Send the case to the applicant with a question. It stays undecided and waits for them.

    MissingReason without a question, ValueError beyond LONGEST_TEXT characters.
    """
    words = clean_message(question, most=LONGEST_TEXT)
    row = lock_case(case, reviewer)
    check_undecided(row, seen)
    append_message(row, Kind.QUESTION, reviewer, words)
    change_state(
        row,
        State.NEEDS_ANSWER,
        "information_requested",
        reviewer,
        reviewer=reviewer,
        claimed_at=timezone.now(),
        held_until=None,
    )
    notify_after_commit("verification.information_requested", case=row)
    return row


@transaction.atomic
def hand_over(
    *, case: Verification, reviewer: User, to: User, note: str, seen: int | None = None
) -> Verification:
    """Give the case to a colleague who reviews in its zone, with a note; it is kept for them for HELD_FOR."""
    words = clean_message(note, most=LONGEST_TEXT)
    row = lock_case(case, reviewer)
    check_undecided(row, seen)
    if not colleagues(reviewer, row).filter(pk=to.pk).exists():
        raise NotYourCase(_("This reviewer cannot take the case."))
    append_message(row, Kind.HAND_OVER, reviewer, words, to=to)
    now = timezone.now()
    fields = {"reviewer": to, "claimed_at": now, "held_until": now + HELD_FOR}
    change_state(row, State.IN_REVIEW, "handed_over", reviewer, detail={"to": to.pk}, **fields)
    notify_after_commit("verification.handed_over", case=row, reviewer=to)
    return row


@transaction.atomic
def add_note(*, case: Verification, reviewer: User, text: str) -> CaseMessage:
    """Leave a note for the reviewers of the zone, also on another's case. The same text twice is one note."""
    words = clean_message(text, most=LONGEST_TEXT)
    row = lock_case(case, reviewer, even_if_claimed=True)
    latest = row.messages.last()
    if latest and (latest.kind, latest.author_id, latest.text) == (Kind.NOTE, reviewer.pk, words):
        return latest
    note = append_message(row, Kind.NOTE, reviewer, words)
    change_state(row, row.state, "noted", reviewer)
    return note

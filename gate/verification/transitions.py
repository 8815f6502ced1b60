"""Common beginning and end of every act on a case: lock the row; append one event that records the change."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cms.characters import clean_text
from gate.errors import AlreadyDecided, LookRequired, MissingReason, NotYourCase
from gate.models import DESK_STATES, CaseMessage, User, Verification, VerificationEvent
from gate.people.reviewing import barred, claimed_by_another, may_review
from gate.steps.turns import lock_user
from gate.verification.files.looks import numbered_files, unseen_files


def lock_case(case: Verification, reviewer: User, *, even_if_claimed: bool = False) -> Verification:
    """The case as it is now, locked after its user. NotYourCase unless this reviewer may act on it."""
    user = lock_user(case.user_id)
    row = Verification.objects.select_for_update().get(pk=case.pk)
    row.user = user
    if row.user_id == reviewer.pk:
        raise NotYourCase(_("You cannot decide your own request."))
    if not may_review(reviewer, row):
        raise NotYourCase
    if even_if_claimed:
        return row
    if claimed_by_another(reviewer, row):
        raise NotYourCase(_("Another reviewer is working on this case."))
    if why := barred(reviewer, row):
        raise NotYourCase(why)
    return row


def check_undecided(row: Verification, seen: int | None = None) -> None:
    """AlreadyDecided unless the case waits for a decision, without any event since `seen`."""
    if row.state == Verification.State.NEEDS_ANSWER:
        raise AlreadyDecided(_("The applicant has been asked something and has not answered yet."))
    if row.state not in DESK_STATES:
        raise AlreadyDecided(_("This case has been decided already."))
    check_unchanged(row, seen)


def check_unchanged(row: Verification, seen: int | None) -> None:
    """AlreadyDecided when something happened to the case since the event `seen`."""
    if seen is not None and seen != row.events.order_by("-pk").values_list("pk", flat=True).first():
        raise AlreadyDecided(_("This case has changed since you opened it. Please look at it again."))


def check_looked(row: Verification, reviewer: User, *, without_file: bool = False) -> None:
    """LookRequired unless this reviewer has seen every file of the case.

    There must be one at least (`without_file`: or none).
    """
    unseen = unseen_files(row, reviewer)
    if unseen or not (without_file or numbered_files(row)):
        raise LookRequired(unseen)


def change_state(
    row: Verification,
    to: Verification.State | str,
    action: str,
    actor: User | None,
    *,
    detail: dict[str, Any] | None = None,
    **fields: Any,
) -> Verification:
    """Change the state and append the event that records it."""
    before = row.state
    row.state = to
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *fields])
    VerificationEvent.objects.create(
        verification=row,
        actor=actor,
        from_state=before,
        to_state=to,
        action=action,
        detail=detail or {},
        at=timezone.now(),
    )
    return row


def clean_message(text: str, *, most: int) -> str:
    """The text without blanks around it. MissingReason when it is empty, ValueError beyond `most`."""
    words = clean_text(text).strip()
    if not words:
        raise MissingReason
    if len(words) > most:
        raise ValueError(f"at most {most} characters")
    return words


def append_message(
    row: Verification, kind: CaseMessage.Kind, author: User, text: str, *, to: User | None = None
) -> CaseMessage:
    """Append one message to a locked case."""
    return CaseMessage.objects.create(
        verification=row, kind=kind, author=author, to=to, text=text, at=timezone.now()
    )

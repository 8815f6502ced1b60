"""Services for the applicant's replies to an open or rejected case: answer a question, appeal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.characters import clean_text, is_visible
from gate.consent.credential_decisions import check_may_send
from gate.errors import AlreadyDecided, InvalidAnswers
from gate.models import CaseMessage, User, Verification
from gate.notify.notifications import notify_after_commit
from gate.people.reviewing import HELD_FOR, barred, may_review
from gate.steps.turns import lock_user
from gate.verification.decisions import UNCLAIMED, without_pause
from gate.verification.files import vault
from gate.verification.files.uploads import DecodedFiles, Upload, decode_files
from gate.verification.form import FILES_FIELD
from gate.verification.reviewer_mails import call_reviewers_after_commit
from gate.verification.status import appeal_until
from gate.verification.transitions import append_message, change_state

Kind, State = CaseMessage.Kind, Verification.State
LONGEST_TEXT = 2000
ANSWER_FIELD, APPEAL_FIELD = "answer", "reason"


def give_information(*, user: User, answer: str, files: Sequence[Upload] | DecodedFiles = ()) -> Verification:
    """Answer the reviewer's question with text, new files, or both; the case returns to that reviewer.

    If they review no longer, it returns to its place in the queue. Raises InvalidAnswers ("answer",
    "credentials"), AlreadyDecided when nothing was asked, ConsentNeeded for files, DrawingBusy. Nothing is
    stored then.
    """
    words = written(answer)
    problems: dict[str, str] = {}
    # Decoding is slow: it happens before anything is locked.
    decoded = decode_files(files)
    if decoded.refusal:
        problems[FILES_FIELD] = decoded.refusal
    if len(words) > LONGEST_TEXT:
        problems[ANSWER_FIELD] = _("Please use at most %(limit)s characters.") % {"limit": LONGEST_TEXT}
    elif not words and not decoded.files and not decoded.refusal:
        problems[ANSWER_FIELD] = _("Please write an answer or add a file.")
    with transaction.atomic():
        user = lock_user(user.pk)
        row = _latest(user)
        if row is None or row.state != State.NEEDS_ANSWER:
            raise AlreadyDecided(_("There is no open question about your request."))
        if decoded.files or decoded.refusal:
            check_may_send(user)
        if problems:
            raise InvalidAnswers(problems)
        for picture in decoded.files:
            vault.store(picture, verification=row)
        append_message(row, Kind.ANSWER, user, words)
        _back_to_the_desk(row, user, files=len(decoded.files))
        notify_after_commit("verification.information_given", case=row)
        return row


@transaction.atomic
def appeal(*, user: User, reason: str) -> Verification:
    """Ask for another review of the rejection: once, within APPEAL_WITHIN, by another reviewer.

    Raises InvalidAnswers ("reason"), AlreadyDecided when there is no rejection that can be appealed.
    """
    user = lock_user(user.pk)
    row = _latest(user)
    if row is None or appeal_until(row, timezone.now()) is None:
        raise AlreadyDecided(_("There is no rejection that could be reviewed again."))
    words = written(reason)
    if not words:
        raise InvalidAnswers({APPEAL_FIELD: _("Please say why the decision should be reviewed.")})
    if len(words) > LONGEST_TEXT:
        too_long = _("Please use at most %(limit)s characters.") % {"limit": LONGEST_TEXT}
        raise InvalidAnswers({APPEAL_FIELD: too_long})
    if row.reviewer is not None:  # appeal_until() checked it; the next decision gives the row another text
        append_message(row, Kind.DECISION, row.reviewer, row.reason)
    append_message(row, Kind.APPEAL, user, words)
    fields = {**UNCLAIMED, "appealed_from": row.reviewer, "requeued_at": timezone.now(), "decided_at": None}
    change_state(row, State.SUBMITTED, "appealed", user, detail={"from": row.reviewer_id}, **fields)
    notify_after_commit("verification.appealed", case=row)
    call_reviewers_after_commit(row)
    return row


def written(text: str) -> str:
    """The cleaned text; empty when nothing of it would be seen."""
    words = clean_text(text).strip()
    return words if is_visible(words) else ""


def _latest(user: User) -> Verification | None:
    """The user's latest verification, locked. A caller that holds the user's row waits for no one here."""
    return Verification.objects.select_for_update().filter(user=user).order_by("-pk").first()


def _back_to_the_desk(row: Verification, user: User, *, files: int) -> None:
    now = timezone.now()
    asked_by = row.reviewer
    fields: dict[str, Any] = {"requeued_at": without_pause(row, now)}
    row.user = user
    if asked_by and asked_by.is_active and may_review(asked_by, row) and not barred(asked_by, row):
        fields |= {"claimed_at": now, "held_until": now + HELD_FOR}
        change_state(row, State.IN_REVIEW, "information_given", user, detail={"files": files}, **fields)
    else:
        fields |= UNCLAIMED
        change_state(row, State.SUBMITTED, "information_given", user, detail={"files": files}, **fields)

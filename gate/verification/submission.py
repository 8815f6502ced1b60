"""Submits verifications: the first, a resubmission, a renewal, or a change of the statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.audiences import Audience
from cms.models import ZonePage
from gate.consent.credential_decisions import check_may_send
from gate.decision.facts import StepRule, Subject
from gate.decision.policy import at_audience, required_steps, shortfall
from gate.decision.selectors import load_rules, load_subject
from gate.decision.step_kinds import kind_of
from gate.errors import AlreadyDecided, InvalidAnswers, StepOutOfOrder, UnderReview
from gate.models import OPEN_STATES, User, Verification, VerificationEvent
from gate.notify.notifications import notify_after_commit
from gate.steps.turns import lock_user
from gate.verification.files import vault
from gate.verification.files.uploads import CleanFile, DecodedFiles, Upload, decode_files
from gate.verification.form import FILES_FIELD, clean_application
from gate.verification.registers.checks import check_after_commit
from gate.verification.reviewer_mails import call_reviewers_after_commit
from gate.verification.status import INPUT_FIELDS, in_force

# With nothing changed, the next term can be asked for when the present one ends soon.
RENEWAL_WINDOW = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The new verification with what was loaded for it.

    The user's `cases` with it, oldest first, their facts before it, the rule of the text on credentials, and
    how many files the verification has.
    """

    case: Verification
    cases: Sequence[Verification]
    subject: Subject
    consent: StepRule
    credentials: int


def submit_verification(
    *,
    user: User,
    data: Mapping[str, Any],
    files: Sequence[Upload] | DecodedFiles,
    zone: ZonePage | None = None,
) -> Verification:
    """As hand_in(). Returns the verification alone."""
    return hand_in(user=user, data=data, files=files, zone=zone).case


def hand_in(
    *,
    user: User,
    data: Mapping[str, Any],
    files: Sequence[Upload] | DecodedFiles,
    zone: ZonePage | None = None,
) -> HandedIn:
    """Create one verification in state submitted.

    After a rejection it refers to the rejected one, which stays as it is. Of a recognised user it is a
    change (or a renewal): the approval stays in force until this one is approved.

    `zone` is where the user came from: its steps before the verification must be done, and its reviewers see
    the case. Files may be left out in a resubmission when the reviewer did not object to the earlier ones.
    Raises ConsentNeeded, InvalidAnswers (with "credentials" for files), StepOutOfOrder, UnderReview,
    AlreadyDecided, DrawingBusy. Nothing is stored then. Inside a transaction `files` must be decoded
    already.
    """
    if not isinstance(files, DecodedFiles):
        check_may_send(user)
    values, problems = clean_application(data)
    # Decoding is slow: it happens before anything is locked.
    decoded = decode_files(files)
    if decoded.refusal:
        problems[FILES_FIELD] = decoded.refusal
    try:
        with transaction.atomic():
            return _submit(user, values, problems, decoded.files, zone)
    except IntegrityError as error:  # the constraint of one open verification: another request was faster
        raise UnderReview from error


def _submit(
    user: User,
    values: dict[str, str],
    problems: dict[str, str],
    pictures: list[CleanFile],
    zone: ZonePage | None,
) -> HandedIn:
    user = lock_user(user.pk)
    now = timezone.now()
    cases = list(Verification.objects.filter(user=user).order_by("pk"))
    subject = load_subject(user, cases=cases, steps_only=True)
    # Again: it may have been withdrawn while the files were decoded.
    consent = check_may_send(user, subject=subject)
    _check_turn(subject, zone, now)
    latest = cases[-1] if cases else None
    standing = in_force(cases, now)
    _check_no_other(latest)
    if standing is not None and not problems:
        _check_change(standing, values, now)
    previous = latest if latest is not None and latest.state == Verification.State.REJECTED else None
    carried = [] if pictures else _carried_over(previous)
    if not pictures and not carried and FILES_FIELD not in problems:
        problems[FILES_FIELD] = _("Please add at least one picture of your credential.")
    if problems:
        raise InvalidAnswers(problems)
    case = Verification.objects.create(
        user=user,
        # A change that comes in from no zone goes to the reviewers who know the applicant.
        zone_id=zone.pk if zone is not None else standing.zone_id if standing is not None else None,
        previous=previous,
        replaces=standing,
        state=Verification.State.SUBMITTED,
        submitted_at=now,
        **values,
    )
    kept = [*pictures, *carried]
    for picture in kept:
        vault.store(picture, verification=case)
    VerificationEvent.objects.create(
        verification=case,
        actor=user,
        to_state=case.state,
        action="submitted",
        detail={"resubmission": previous is not None, "change": standing is not None},
        at=now,
    )
    notify_after_commit("verification.submitted", case=case, user=user)
    call_reviewers_after_commit(case)
    check_after_commit(case)
    return HandedIn(case, [*cases, case], subject, consent, len(kept))


def _check_turn(subject: Subject, zone: ZonePage | None, now: datetime) -> None:
    """The zone's steps before its verification must be satisfied."""
    if zone is None:
        return
    rules = at_audience(load_rules(now=now, zone_ids=[zone.pk])[zone.pk], Audience.HCP)
    for step in required_steps(rules):
        if kind_of(step).has_case:
            return
        if shortfall(subject, rules, step, now=now) is not None:
            raise StepOutOfOrder(step)


def _check_no_other(latest: Verification | None) -> None:
    if latest is None:
        return
    if latest.state == Verification.State.NEEDS_ANSWER:
        raise AlreadyDecided(_("Your request waits for your answer to the reviewer's question."))
    if latest.state in OPEN_STATES:
        raise UnderReview


def _check_change(standing: Verification, values: dict[str, str], now: datetime) -> None:
    """A form sent twice is refused: the statement must differ, or the term end soon."""
    same = all(getattr(standing, name) == values[name] for name in INPUT_FIELDS)
    if same and standing.expires_at is not None and standing.expires_at - RENEWAL_WINDOW > now:
        raise AlreadyDecided(_("You are verified with exactly this. Nothing has to be reviewed."))


def _carried_over(previous: Verification | None) -> list[CleanFile]:
    """The files of the rejected verification, unless the reviewer objected to them."""
    if previous is None or FILES_FIELD in previous.field_reasons:
        return []
    rows = previous.credentials.filter(deleted_at=None)
    return [CleanFile(vault.read(row), row.content_type) for row in rows]

"""The one decision: may this person read this zone, why, and what is the next step. Pure, no I/O.

Facts come from gate.selectors, rules from the zone's configured steps. Nothing a reader sees is stored as a
flag: it is computed here from records, so a withdrawal, a revocation or an expiry closes with the next
request. Deny is the default: only records that are present and current open anything.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cms.audiences import Audience

IMPLIED_VERIFICATION_ID = -1
"""Step id of the verification that the audience `hcp` demands where the zone configures none."""
ENTER_STEP_ID = 0
"""Step id of entering: everything is complete and only the admission is missing or has run out."""


class Reason(StrEnum):
    """Why. The fifteen of product.md; every Decision carries one."""

    PUBLIC = "public"
    ANONYMOUS = "anonymous"
    AGREEMENT_REQUIRED = "agreement_required"
    REFUSED = "refused"
    CONSENT_REQUIRED = "consent_required"
    PROFILE_REQUIRED = "profile_required"
    SURVEY_REQUIRED = "survey_required"
    VERIFICATION_REQUIRED = "verification_required"
    PENDING_REVIEW = "pending_review"
    REJECTED = "rejected"
    ADMITTED = "admitted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    GRANTED_BY_STAFF = "granted_by_staff"


OPENING = frozenset({Reason.PUBLIC, Reason.ADMITTED, Reason.GRANTED_BY_STAFF})
"""The reasons that let somebody read. Every other one denies."""


class StepKind(StrEnum):
    AGREEMENT = "agreement"
    CONSENT = "consent"
    SEPARATE_CONSENT = "separate_consent"
    PROFILE = "profile"
    SURVEY = "survey"
    VERIFICATION = "verification"
    ENTER = "enter"


ON_A_TEXT = frozenset({StepKind.AGREEMENT, StepKind.CONSENT, StepKind.SEPARATE_CONSENT})
"""Steps that are a decision on an agreement's text."""
DECLINABLE = frozenset({StepKind.CONSENT, StepKind.SEPARATE_CONSENT})
"""Those of them that any decision completes: declining closes only what depends on the consent."""


class Choice(StrEnum):
    """A decision on an agreement version. Refused, skipped and withdrawn can be changed later."""

    AGREED = "agreed"
    REFUSED = "refused"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


class CaseState(StrEnum):
    """The state of one verification request. `needs_answer`: the reviewer has asked the person something."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    NEEDS_ANSWER = "needs_answer"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Bound(StrEnum):
    """How many of a questionnaire's questions may be asked only of people who gave the informed consent."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class StepRule:
    """One configured step. `subject_id` is its agreement or questionnaire, `version_id` the current version.

    `accepted` are the version ids on which a decision or an answer still counts: the current one and the
    older ones since a version last asked everyone again (`asks_again`: the current version did). `minutes` is
    an estimate for the reader.
    """

    id: int
    kind: StepKind
    title: str = ""
    minutes: int = 0
    subject_id: int | None = None
    version_id: int | None = None
    asks_again: bool = False
    accepted: frozenset[int] = frozenset()
    bound: Bound = Bound.NONE


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """A zone as the policy sees it. `audience` is that of the article when it is stricter than the zone's."""

    zone_id: int
    audience: Audience
    steps: tuple[StepRule, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentFact:
    zone_id: int
    agreement_id: int
    version_id: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """Answers to one questionnaire version. `with_consent`: the consent-bound questions were asked too."""

    zone_id: int
    questionnaire_id: int
    version_id: int
    with_consent: bool


@dataclass(frozen=True, slots=True)
class CaseFact:
    state: CaseState
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AdmissionFact:
    zone_id: int
    expires_at: datetime
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class GrantFact:
    """The right to read a zone, given by staff; without `expires_at` it lasts until it is revoked."""

    zone_id: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody and their records, each tuple oldest first. `user_id` None: nobody signed in."""

    user_id: int | None = None
    consents: tuple[ConsentFact, ...] = ()
    answers: tuple[AnswerFact, ...] = ()
    cases: tuple[CaseFact, ...] = ()
    admissions: tuple[AdmissionFact, ...] = ()
    grants: tuple[GrantFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`next_step` is what the person can do about a denial; None when nothing, or when they only must sign
    in.

    `expires_at`: when a yes ends by itself.
    """

    allowed: bool
    reason: Reason
    next_step: StepRule | None = None
    expires_at: datetime | None = None


def decide(subject: Subject, zone: ZoneRules, *, now: datetime) -> Decision:
    """The decision for `subject` at the moment `now` (aware)."""
    if zone.audience == Audience.PUBLIC:
        return Decision(True, Reason.PUBLIC)
    if subject.user_id is None:
        return Decision(False, Reason.ANONYMOUS)
    granted = _grant(subject, zone.zone_id, now)
    if granted is not None:
        return Decision(True, Reason.GRANTED_BY_STAFF, expires_at=granted.expires_at)
    steps = required_steps(zone)
    for step in steps:
        reason = shortfall(subject, zone, step, now=now)
        if reason is not None:
            return Decision(False, reason, step)
    return _admission_decision(subject, zone, steps, now)


def required_steps(zone: ZoneRules) -> tuple[StepRule, ...]:
    """The steps that the audience demands, in order: `registered` no verification, `hcp` always one."""
    if zone.audience == Audience.PUBLIC:
        return ()
    if zone.audience == Audience.REGISTERED:
        return tuple(step for step in zone.steps if step.kind != StepKind.VERIFICATION)
    if any(step.kind == StepKind.VERIFICATION for step in zone.steps):
        return zone.steps
    return (*zone.steps, StepRule(id=IMPLIED_VERIFICATION_ID, kind=StepKind.VERIFICATION))


def shortfall(subject: Subject, zone: ZoneRules, step: StepRule, *, now: datetime) -> Reason | None:
    """What `step` still lacks, or None when it is satisfied."""
    match step.kind:
        case StepKind.AGREEMENT:
            return _agreement_shortfall(last_choice(subject, zone.zone_id, step))
        case StepKind.CONSENT | StepKind.SEPARATE_CONSENT:
            # Any decision will do: declining or withdrawing closes only what depends on the consent.
            decided = last_choice(subject, zone.zone_id, step) is not None
            return None if decided else Reason.CONSENT_REQUIRED
        case StepKind.PROFILE:
            return None if answered(subject, zone, step) else Reason.PROFILE_REQUIRED
        case StepKind.SURVEY:
            return None if answered(subject, zone, step) else Reason.SURVEY_REQUIRED
        case StepKind.VERIFICATION:
            return _verification_shortfall(subject.cases, now)
    raise ValueError(f"a zone cannot be configured with a step of kind {step.kind}")


def last_choice(subject: Subject, zone_id: int, step: StepRule) -> Choice | None:
    """The person's latest decision in this zone that still counts for the step's agreement."""
    for fact in reversed(subject.consents):
        if (
            fact.zone_id == zone_id
            and fact.agreement_id == step.subject_id
            and fact.version_id in step.accepted
        ):
            return fact.choice
    return None


def standing(subject: Subject, zone_id: int, agreement_id: int) -> ConsentFact | None:
    """What a withdrawal would be of: the latest agreement, to any version, since the last withdrawal.

    Not the same as last_choice: an agreement to a version that counts no more stands until it is withdrawn,
    whether or not its successor has been decided on.
    """
    for fact in reversed(subject.consents):
        if fact.zone_id == zone_id and fact.agreement_id == agreement_id:
            if fact.choice == Choice.AGREED:
                return fact
            if fact.choice == Choice.WITHDRAWN:
                return None
    return None


def consented(subject: Subject, zone: ZoneRules) -> bool:
    """True when the zone asks for informed consent and the person agreed to every one it asks for.

    Separate consents (publication, sharing, cross-border transfer) stand for themselves: no question hangs on
    them.
    """
    steps = [step for step in zone.steps if step.kind == StepKind.CONSENT]
    return bool(steps) and all(last_choice(subject, zone.zone_id, step) == Choice.AGREED for step in steps)


def not_asked(subject: Subject, zone: ZoneRules, step: StepRule) -> bool:
    """True for a questionnaire all of whose questions need a consent that the person has not given."""
    return step.bound == Bound.ALL and not consented(subject, zone)


def answered(subject: Subject, zone: ZoneRules, step: StepRule) -> bool:
    """True when the questionnaire needs no (more) answers: answered as far as it may be asked."""
    if not_asked(subject, zone, step):
        return True
    wants_bound = step.bound != Bound.NONE and consented(subject, zone)
    return any(
        fact.zone_id == zone.zone_id
        and fact.questionnaire_id == step.subject_id
        and fact.version_id in step.accepted
        and (fact.with_consent or not wants_bound)
        for fact in subject.answers
    )


def valid_case(cases: tuple[CaseFact, ...], now: datetime) -> CaseFact | None:
    """The approved, unexpired request that counts, if any. A revocation ends every approval before it."""
    for case in reversed(cases):
        if case.state == CaseState.REVOKED:
            return None
        if case.state == CaseState.APPROVED and case.expires_at is not None and case.expires_at > now:
            return case
    return None


def _agreement_shortfall(choice: Choice | None) -> Reason | None:
    match choice:
        case Choice.AGREED:
            return None
        case Choice.REFUSED | Choice.SKIPPED:
            return Reason.REFUSED
        case Choice.WITHDRAWN:
            return Reason.WITHDRAWN
        case _:
            return Reason.AGREEMENT_REQUIRED


def _verification_shortfall(cases: tuple[CaseFact, ...], now: datetime) -> Reason | None:
    # A valid approval outlives a later request (a renewal that waits or was rejected).
    if valid_case(cases, now) is not None:
        return None
    if not cases:
        return Reason.VERIFICATION_REQUIRED
    match cases[-1].state:
        case CaseState.SUBMITTED | CaseState.IN_REVIEW | CaseState.NEEDS_ANSWER:
            return Reason.PENDING_REVIEW
        case CaseState.REJECTED:
            return Reason.REJECTED
        case CaseState.REVOKED:
            return Reason.REVOKED
        case CaseState.APPROVED | CaseState.EXPIRED:
            return Reason.EXPIRED
        case _:
            return Reason.VERIFICATION_REQUIRED


def _grant(subject: Subject, zone_id: int, now: datetime) -> GrantFact | None:
    """The current grant for the zone that lasts longest."""
    current = [
        grant
        for grant in subject.grants
        if grant.zone_id == zone_id and (grant.expires_at is None or grant.expires_at > now)
    ]
    return max(current, key=lambda g: g.expires_at.timestamp() if g.expires_at else math.inf, default=None)


def _admission_decision(
    subject: Subject, zone: ZoneRules, steps: tuple[StepRule, ...], now: datetime
) -> Decision:
    """Everything required is there: the admission decides, and it ends no later than the verification."""
    if not steps:
        return Decision(True, Reason.ADMITTED)  # a zone for signed-in people that asks for nothing more
    admissions = [fact for fact in subject.admissions if fact.zone_id == zone.zone_id]
    latest = admissions[-1] if admissions else None
    if latest is not None and latest.revoked:
        return Decision(False, Reason.REVOKED)  # by staff, and only staff can reopen it
    if latest is None or latest.expires_at <= now:
        return Decision(False, Reason.EXPIRED, StepRule(id=ENTER_STEP_ID, kind=StepKind.ENTER))
    ends = latest.expires_at
    if any(step.kind == StepKind.VERIFICATION for step in steps):
        case = valid_case(subject.cases, now)
        if case is None or case.expires_at is None:
            return Decision(False, Reason.VERIFICATION_REQUIRED)
        ends = min(ends, case.expires_at)
    return Decision(True, Reason.ADMITTED, expires_at=ends)


def at_audience(zone: ZoneRules, audience: Audience) -> ZoneRules:
    """The same zone as seen from an article with that (effective) audience."""
    return dataclasses.replace(zone, audience=audience)

"""The one decision: may this person read this zone, why, and what is the next step. Pure, no I/O.

Facts come from gate.decision.selectors, rules from the zone's configured steps. Nothing a reader sees is
stored as a flag: it is computed here from records, so a withdrawal, a revocation or an expiry closes with the
next request. Deny is the default: only records that are present and current open anything.
"""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime

from cms.audiences import Audience
from gate.decision.facts import (
    ENTER_STEP_ID,
    IMPLIED_VERIFICATION_ID,
    Bound,
    CaseFact,
    CaseState,
    Choice,
    ConsentFact,
    Decision,
    GrantFact,
    Reason,
    StepKind,
    StepRule,
    Subject,
    ZoneRules,
)


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
        if reason == Reason.PENDING_REVIEW and subject.cases[-1].state != CaseState.NEEDS_ANSWER:
            return Decision(False, reason, waits_at=step)
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


def last_choice(subject: Subject, zone_id: int | None, step: StepRule) -> Choice | None:
    """The person's latest decision in this zone that still counts for the step's agreement."""
    for fact in reversed(subject.consents):
        if (
            fact.zone_id == zone_id
            and fact.agreement_id == step.subject_id
            and fact.version_id in step.accepted
        ):
            return fact.choice
    return None


def standing(subject: Subject, zone_id: int | None, agreement_id: int) -> ConsentFact | None:
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


def may_send_credentials(subject: Subject, consent: StepRule | None) -> bool:
    """Whether a credential of the person may be taken: they agreed to the text in force (PIPL art. 29).

    `consent` is None where no such text is in force: then nothing is taken.
    """
    return consent is not None and last_choice(subject, None, consent) == Choice.AGREED


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

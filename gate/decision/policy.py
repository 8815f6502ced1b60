"""The one decision: may this user read this zone, why, and what is the next step. Pure, no I/O.

Facts come from gate.decision.selectors, rules from the zone's configured steps. Nothing a reader sees is
stored as a flag: it is computed here from records, so a withdrawal, a revocation or an expiry closes with
the next request. Deny is the default: only records that are present and current open anything.
"""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime

from cms.audiences import Audience
from gate.decision.facts import (
    CaseFact,
    CaseState,
    ConsentDecision,
    ConsentFact,
    Decision,
    GrantFact,
    Reason,
    RequiresConsent,
    StepRule,
    Subject,
    ZoneRules,
)
from gate.decision.step_kinds import entering, kind_of, kinds


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
        if reason is None:
            continue
        if kind_of(step).waits(subject, reason):
            return Decision(False, reason, waits_at=step)
        return Decision(False, reason, step)
    return _admission_decision(subject, zone, steps, now)


def required_steps(zone: ZoneRules) -> tuple[StepRule, ...]:
    """The steps that the audience demands, in order: the zone's own, then those that the audience implies."""
    if zone.audience == Audience.PUBLIC:
        return ()
    configured = {step.kind for step in zone.steps}
    own = tuple(step for step in zone.steps if kind_of(step).asked_at(zone.audience))
    implied = tuple(
        kind.implied_step()
        for kind in kinds()
        if kind.implied_at(zone.audience) and kind.code not in configured
    )
    return own + implied


def shortfall(subject: Subject, zone: ZoneRules, step: StepRule, *, now: datetime) -> Reason | None:
    """The reason that `step` leaves open, as its kind decides, or None when it is satisfied."""
    return kind_of(step).shortfall(subject, zone, step, now=now)


def last_decided(subject: Subject, zone_id: int | None, step: StepRule) -> ConsentDecision | None:
    """The user's latest decision in this zone that still counts for the step's agreement."""
    for fact in reversed(subject.consents):
        if (
            fact.zone_id == zone_id
            and fact.agreement_id == step.subject_id
            and fact.version_id in step.valid_version_ids
        ):
            return fact.decided
    return None


def standing(subject: Subject, zone_id: int | None, agreement_id: int) -> ConsentFact | None:
    """What a withdrawal would withdraw: the latest agreement, to any version, since the last withdrawal.

    Not the same as last_decided: an agreement to a version that no longer counts stays in force until it is
    withdrawn, whether or not its successor has been decided on.
    """
    for fact in reversed(subject.consents):
        if fact.zone_id == zone_id and fact.agreement_id == agreement_id:
            if fact.decided == ConsentDecision.AGREED:
                return fact
            if fact.decided == ConsentDecision.WITHDRAWN:
                return None
    return None


def consented(subject: Subject, zone: ZoneRules) -> bool:
    """True when the zone asks for informed consent and the user agreed to every one it asks for.

    Separate consents (publication, sharing, cross-border transfer) are independent: no question requires
    them.
    """
    steps = [step for step in zone.steps if kind_of(step).gives_consent]
    return bool(steps) and all(
        last_decided(subject, zone.zone_id, step) == ConsentDecision.AGREED for step in steps
    )


def may_send_credentials(subject: Subject, consent: StepRule | None) -> bool:
    """Whether a credential of the user may be taken: they agreed to the text in force (PIPL art. 29).

    `consent` is None where no such text is in force: then nothing is taken.
    """
    return consent is not None and last_decided(subject, None, consent) == ConsentDecision.AGREED


def not_asked(subject: Subject, zone: ZoneRules, step: StepRule) -> bool:
    """True for a questionnaire all of whose questions require a consent that the user has not given."""
    return step.requires_consent == RequiresConsent.ALL and not consented(subject, zone)


def answered(subject: Subject, zone: ZoneRules, step: StepRule) -> bool:
    """True when the questionnaire needs no (more) answers: answered as far as it may be asked."""
    if not_asked(subject, zone, step):
        return True
    wants_bound = step.requires_consent != RequiresConsent.NONE and consented(subject, zone)
    return any(
        fact.zone_id == zone.zone_id
        and fact.questionnaire_id == step.subject_id
        and fact.version_id in step.valid_version_ids
        and (fact.with_consent or not wants_bound)
        for fact in subject.answers
    )


def valid_case(cases: tuple[CaseFact, ...], now: datetime) -> CaseFact | None:
    """The approved, unexpired verification in force, if any. A revocation ends every approval before it."""
    for case in reversed(cases):
        if case.state == CaseState.REVOKED:
            return None
        if case.state == CaseState.APPROVED and case.expires_at is not None and case.expires_at > now:
            return case
    return None


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
    """All required steps are complete: the admission decides. It ends no later than they do."""
    if not steps:
        return Decision(True, Reason.ADMITTED)  # a zone for signed-in users that asks for nothing more
    admissions = [fact for fact in subject.admissions if fact.zone_id == zone.zone_id]
    latest = admissions[-1] if admissions else None
    if latest is not None and latest.revoked:
        return Decision(False, Reason.REVOKED)  # by staff, and only staff can reopen it
    if latest is None or latest.expires_at <= now:
        return Decision(False, Reason.EXPIRED, entering().implied_step())
    ends = min([latest.expires_at, *_ends(subject, steps, now)])
    if ends <= now:
        return Decision(False, Reason.EXPIRED)
    return Decision(True, Reason.ADMITTED, expires_at=ends)


def _ends(subject: Subject, steps: tuple[StepRule, ...], now: datetime) -> list[datetime]:
    """When the steps on which the admission depends end by themselves."""
    found = (kind_of(step).counts_until(subject, now) for step in steps)
    return [moment for moment in found if moment is not None]


def at_audience(zone: ZoneRules, audience: Audience) -> ZoneRules:
    """The same zone as seen from an article with that (effective) audience."""
    return dataclasses.replace(zone, audience=audience)

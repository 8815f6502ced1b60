"""gate.decision.policy over random histories: what must hold whatever happened before."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cms.audiences import Audience
from gate.decision.facts import (
    OPENING,
    AdmissionFact,
    AnswerFact,
    CaseFact,
    CaseState,
    ConsentDecision,
    ConsentFact,
    GrantFact,
    Reason,
    StepRule,
    Subject,
    ZoneRules,
)
from gate.decision.policy import decide, required_steps, shortfall, standing, valid_case
from tests.gate.decision.test_policy import AGREEMENT, COMPLETE, NOW, STEPS, ZONE

zone_ids = st.sampled_from([ZONE, ZONE, ZONE, ZONE + 1])
moments = st.integers(-2, 2).map(lambda days: NOW + timedelta(days=days))
versions = {10: [99, 100, 101], 20: [199, 200], 30: [299, 300], 40: [399, 400]}


@st.composite
def consents(draw):
    subject = draw(st.sampled_from([10, 20]))
    return ConsentFact(
        draw(zone_ids),
        subject,
        draw(st.sampled_from(versions[subject])),
        draw(st.sampled_from(ConsentDecision)),
    )


@st.composite
def answers(draw):
    subject = draw(st.sampled_from([30, 40]))
    return AnswerFact(draw(zone_ids), subject, draw(st.sampled_from(versions[subject])), draw(st.booleans()))


cases = st.builds(CaseFact, st.sampled_from(CaseState), st.one_of(st.none(), moments))
admissions = st.builds(AdmissionFact, zone_ids, moments, st.booleans())
grants = st.builds(GrantFact, zone_ids, st.one_of(st.none(), moments))


def some(items, most=8):
    return st.lists(items, max_size=most).map(tuple)


subjects = st.builds(
    Subject,
    st.one_of(st.just(1), st.none()),
    some(consents()),
    some(answers()),
    some(cases),
    some(admissions),
    some(grants, 2),
)
# Histories in which nothing is missing at first are rare by chance: half of the examples start from one.
nearly_complete = st.builds(
    lambda more_consents, more_cases, admission: Subject(
        1,
        (
            ConsentFact(ZONE, 10, 101, ConsentDecision.AGREED),
            ConsentFact(ZONE, 20, 200, ConsentDecision.AGREED),
            *more_consents,
        ),
        (AnswerFact(ZONE, 30, 300, True), AnswerFact(ZONE, 40, 400, True)),
        (CaseFact(CaseState.APPROVED, NOW + timedelta(days=2)), *more_cases),
        admission,
    ),
    some(consents(), 2),
    some(cases, 2),
    some(admissions, 3),
)
people = st.one_of(subjects, nearly_complete)
zones = st.builds(
    lambda audience, steps: ZoneRules(ZONE, audience, tuple(steps)),
    st.sampled_from(Audience),
    st.lists(st.sampled_from(STEPS), unique_by=lambda step: step.id),
)
hcp_zones = zones.map(lambda zone: dataclasses.replace(zone, audience=Audience.HCP))


def without_grants(subject: Subject) -> Subject:
    return dataclasses.replace(subject, grants=())


@given(people, zones)
def test_yes_and_no_carry_reasons_of_their_own(subject, zone):
    decision = decide(subject, zone, now=NOW)
    assert decision.allowed == (decision.reason in OPENING)
    if decision.allowed:
        assert decision.next_step is None
    else:
        assert decision.expires_at is None


@given(people, zones)
def test_the_next_step_fits_the_reason(subject, zone):
    decision = decide(subject, zone, now=NOW)
    kinds = {
        Reason.AGREEMENT_REQUIRED: "agreement",
        Reason.REFUSED: "agreement",
        Reason.WITHDRAWN: "agreement",
        Reason.CONSENT_REQUIRED: "consent",
        Reason.PROFILE_REQUIRED: "profile",
        Reason.SURVEY_REQUIRED: "survey",
        Reason.VERIFICATION_REQUIRED: "verification",
        Reason.REJECTED: "verification",
    }
    step = decision.next_step
    if decision.reason in kinds:
        assert step is not None
        assert step.kind == kinds[decision.reason]
    elif decision.reason == Reason.PENDING_REVIEW:
        # The reader's turn where a reviewer asked something, and nobody else's; else the reviewers'.
        asked = subject.cases[-1].state == CaseState.NEEDS_ANSWER
        assert (step is None, decision.waits_at is None) == (not asked, asked)
        assert (step or decision.waits_at).kind == "verification"
    elif decision.reason == Reason.EXPIRED:
        assert step is not None
        assert step.kind in ("verification", "enter")
    elif decision.reason == Reason.REVOKED:
        assert step is None or step.kind == "verification"
    else:
        assert step is None


@given(people, zones)
def test_nobody_reads_without_every_required_record(subject, zone):
    """Spelled out here from the records themselves, apart from the policy's own functions."""
    subject = without_grants(subject)
    if zone.audience == Audience.PUBLIC or not decide(subject, zone, now=NOW).allowed:
        return
    assert subject.user_id is not None
    kinds = {step.kind for step in zone.steps}
    own = [fact for fact in subject.consents if fact.zone_id == ZONE]
    if "agreement" in kinds:
        counting = [fact.decided for fact in own if fact.agreement_id == 10 and fact.version_id in (100, 101)]
        assert counting[-1] == ConsentDecision.AGREED
    if "consent" in kinds:
        assert [fact for fact in own if fact.agreement_id == 20 and fact.version_id == 200]
    if "profile" in kinds:
        assert [fact for fact in subject.answers if (fact.zone_id, fact.version_id) == (ZONE, 300)]
    if zone.audience == Audience.HCP:
        assert any(
            case.state == CaseState.APPROVED and case.expires_at is not None and case.expires_at > NOW
            for case in subject.cases
        )
    if zone.audience == Audience.HCP or kinds - {"verification"}:
        latest = [fact for fact in subject.admissions if fact.zone_id == ZONE][-1]
        assert not latest.revoked
        assert latest.expires_at > NOW


@given(people, zones)
def test_the_next_step_is_the_first_that_lacks_something(subject, zone):
    decision = decide(subject, zone, now=NOW)
    if decision.next_step is None or decision.next_step.kind == "enter":
        return
    for step in required_steps(zone):
        if step.id == decision.next_step.id:
            assert shortfall(subject, zone, step, now=NOW) == decision.reason
            return
        assert shortfall(subject, zone, step, now=NOW) is None
    raise AssertionError("the next step is not one of the zone's")


@given(people, hcp_zones, st.sampled_from([ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN]))
def test_refusing_or_withdrawing_the_agreement_closes_at_once(subject, zone, decided):
    zone = dataclasses.replace(zone, steps=(AGREEMENT, *(step for step in zone.steps if step != AGREEMENT)))
    fact = ConsentFact(ZONE, 10, 101, decided)
    after = dataclasses.replace(without_grants(subject), consents=(*subject.consents, fact))
    assert not decide(after, zone, now=NOW).allowed


@given(people, hcp_zones)
def test_revoking_the_verification_closes_at_once(subject, zone):
    after = dataclasses.replace(without_grants(subject), cases=(*subject.cases, CaseFact(CaseState.REVOKED)))
    assert not decide(after, zone, now=NOW).allowed


@given(people, hcp_zones)
def test_revoking_the_admission_closes_at_once(subject, zone):
    fact = AdmissionFact(ZONE, NOW + timedelta(days=9), revoked=True)
    after = dataclasses.replace(without_grants(subject), admissions=(*subject.admissions, fact))
    assert not decide(after, zone, now=NOW).allowed


@given(people, zones)
def test_a_yes_ends_by_itself_at_the_moment_it_names(subject, zone):
    decision = decide(without_grants(subject), zone, now=NOW)
    if decision.allowed and decision.expires_at is not None:
        just_before = decision.expires_at - timedelta(microseconds=1)
        assert decide(without_grants(subject), zone, now=just_before).allowed
        assert not decide(without_grants(subject), zone, now=decision.expires_at).allowed


@given(people, zones)
def test_what_hcp_may_read_registered_and_public_may_too(subject, zone):
    subject = without_grants(subject)
    answers_by_audience = [
        decide(subject, dataclasses.replace(zone, audience=audience), now=NOW).allowed
        for audience in Audience
    ]
    assert answers_by_audience == sorted(answers_by_audience, reverse=True)


@given(people, zones)
def test_records_of_other_zones_change_nothing(subject, zone):
    own = dataclasses.replace(
        subject,
        consents=tuple(fact for fact in subject.consents if fact.zone_id == ZONE),
        answers=tuple(fact for fact in subject.answers if fact.zone_id == ZONE),
        admissions=tuple(fact for fact in subject.admissions if fact.zone_id == ZONE),
        grants=tuple(fact for fact in subject.grants if fact.zone_id == ZONE),
    )
    assert decide(subject, zone, now=NOW) == decide(own, zone, now=NOW)


@given(some(consents()), some(answers()), hcp_zones)
def test_declining_the_consent_never_asks_for_more(older_consents, older_answers, zone):
    """Whoever reads with the consent reads after withdrawing it as well."""
    reader = dataclasses.replace(
        COMPLETE,
        consents=(*older_consents, *COMPLETE.consents),
        answers=(*older_answers, *COMPLETE.answers),
    )
    assert decide(reader, zone, now=NOW).allowed
    fact = ConsentFact(ZONE, 20, 200, ConsentDecision.WITHDRAWN)
    after = dataclasses.replace(reader, consents=(*reader.consents, fact))
    assert decide(after, zone, now=NOW).allowed


@given(some(consents(), 12), zone_ids, st.sampled_from([10, 20]))
def test_a_withdrawal_leaves_nothing_to_withdraw(facts, zone_id, agreement_id):
    """And what stands was agreed to, in that zone, to that text, with no withdrawal after it."""
    subject = Subject(1, facts)
    fact = standing(subject, zone_id, agreement_id)
    if fact is None:
        return
    assert (fact.decided, fact.zone_id, fact.agreement_id) == (ConsentDecision.AGREED, zone_id, agreement_id)
    withdrawn = dataclasses.replace(fact, decided=ConsentDecision.WITHDRAWN)
    assert standing(Subject(1, (*facts, withdrawn)), zone_id, agreement_id) is None


@given(people, hcp_zones, some(consents(), 4))
def test_decisions_on_separate_consents_ask_for_nothing_else(subject, zone, more):
    """Whatever is decided on a separate consent: with it decided, the zone answers as if it did not ask."""
    step = StepRule(9, "separate_consent", subject_id=90, version_id=900, valid_version_ids=frozenset({900}))
    facts = tuple(ConsentFact(fact.zone_id, 90, 900, fact.decided) for fact in more)
    asking = dataclasses.replace(zone, steps=(step, *zone.steps))
    after = dataclasses.replace(subject, consents=(*subject.consents, *facts))
    if any(fact.zone_id == ZONE for fact in facts) and zone.steps:
        assert decide(after, asking, now=NOW) == decide(subject, zone, now=NOW)


UNDECIDED_OR_REJECTED = [
    CaseState.DRAFT,
    CaseState.SUBMITTED,
    CaseState.IN_REVIEW,
    CaseState.NEEDS_ANSWER,
    CaseState.REJECTED,
]
changes = some(st.builds(CaseFact, st.sampled_from(UNDECIDED_OR_REJECTED), st.one_of(st.none(), moments)), 4)


@given(people, hcp_zones, changes)
def test_a_change_that_waits_or_was_rejected_takes_nothing_away(subject, zone, later):
    """Of a recognised person the answer stays the same to the letter, with its end."""
    if shortfall(subject, zone, StepRule(-1, "verification"), now=NOW) is not None:
        return
    after = dataclasses.replace(subject, cases=(*subject.cases, *later))
    assert decide(after, zone, now=NOW) == decide(subject, zone, now=NOW)


@given(people, hcp_zones, changes, moments)
def test_an_approved_change_counts_with_its_own_end(subject, zone, between, ends):
    """Whether the older approval was marked as replaced or not, the newer one decides while it lasts."""
    newer = CaseFact(CaseState.APPROVED, ends)
    kept = (*subject.cases, *between, newer)
    superseded = tuple(
        dataclasses.replace(fact, state=CaseState.EXPIRED) if fact.state == CaseState.APPROVED else fact
        for fact in kept[:-1]
    )
    if ends <= NOW:
        return
    for history in (kept, (*superseded, newer)):
        assert valid_case(history, NOW) is newer
        decision = decide(dataclasses.replace(without_grants(subject), cases=history), zone, now=NOW)
        if decision.allowed:
            assert decision.expires_at is not None
            assert decision.expires_at <= ends


@given(people, hcp_zones, changes)
def test_revoking_closes_though_a_change_is_open(subject, zone, later):
    history = (*subject.cases, CaseFact(CaseState.REVOKED), *later)
    after = dataclasses.replace(without_grants(subject), cases=history)
    assert not decide(after, zone, now=NOW).allowed

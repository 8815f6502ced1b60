"""gate.decision.policy: every reason, the order of the steps, what ends and what does not."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from cms.audiences import Audience
from gate.decision.facts import (
    ENTER_STEP_ID,
    IMPLIED_VERIFICATION_ID,
    AdmissionFact,
    AnswerFact,
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
from gate.decision.policy import consented, decide, not_asked, standing

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
PAST = NOW - timedelta(seconds=1)
ZONE = 7

AGREEMENT = StepRule(1, "agreement", subject_id=10, version_id=101, valid_version_ids=frozenset({100, 101}))
CONSENT = StepRule(2, "consent", subject_id=20, version_id=200, valid_version_ids=frozenset({200}))
PROFILE = StepRule(
    3,
    "profile",
    subject_id=30,
    version_id=300,
    valid_version_ids=frozenset({300}),
    requires_consent=RequiresConsent.SOME,
)
SURVEY = StepRule(
    4,
    "survey",
    subject_id=40,
    version_id=400,
    valid_version_ids=frozenset({400}),
    requires_consent=RequiresConsent.ALL,
)
VERIFICATION = StepRule(5, "verification")
STEPS = (AGREEMENT, CONSENT, PROFILE, SURVEY, VERIFICATION)
HCP_ZONE = ZoneRules(ZONE, Audience.HCP, STEPS)


def consent(decided: ConsentDecision, version: int = 200, zone: int = ZONE) -> ConsentFact:
    return ConsentFact(zone, 20, version, decided)


def agreement(decided: ConsentDecision, version: int = 101, zone: int = ZONE) -> ConsentFact:
    return ConsentFact(zone, 10, version, decided)


COMPLETE = Subject(
    user_id=1,
    consents=(agreement(ConsentDecision.AGREED), consent(ConsentDecision.AGREED)),
    answers=(AnswerFact(ZONE, 30, 300, True), AnswerFact(ZONE, 40, 400, True)),
    cases=(CaseFact(CaseState.APPROVED, LATER + timedelta(days=1)),),
    admissions=(AdmissionFact(ZONE, LATER),),
)


def changed(**records: object) -> Subject:
    return dataclasses.replace(COMPLETE, **records)


def outcome(subject: Subject, zone: ZoneRules = HCP_ZONE) -> tuple[bool, Reason, int | None]:
    decision = decide(subject, zone, now=NOW)
    return decision.allowed, decision.reason, decision.next_step.id if decision.next_step else None


def test_a_public_zone_is_open_to_everybody_and_asks_for_nothing():
    zone = dataclasses.replace(HCP_ZONE, audience=Audience.PUBLIC)
    refused = changed(
        consents=(agreement(ConsentDecision.REFUSED),), admissions=(AdmissionFact(ZONE, PAST, revoked=True),)
    )
    for subject in (Subject(), Subject(user_id=1), COMPLETE, refused):
        assert decide(subject, zone, now=NOW) == Decision(True, Reason.PUBLIC)


def test_nobody_is_asked_to_sign_in_first():
    assert outcome(Subject()) == (False, Reason.ANONYMOUS, None)


def test_records_without_a_signed_in_person_open_nothing():
    assert outcome(dataclasses.replace(COMPLETE, user_id=None)) == (False, Reason.ANONYMOUS, None)


def test_a_complete_reader_is_admitted_until_the_earlier_end():
    assert decide(COMPLETE, HCP_ZONE, now=NOW) == Decision(True, Reason.ADMITTED, expires_at=LATER)
    soon = NOW + timedelta(hours=1)
    short = changed(cases=(CaseFact(CaseState.APPROVED, soon),))
    assert decide(short, HCP_ZONE, now=NOW).expires_at == soon


@pytest.mark.parametrize(
    ("records", "reason", "step"),
    [
        ({"consents": ()}, Reason.AGREEMENT_REQUIRED, 1),
        ({"consents": (agreement(ConsentDecision.REFUSED),)}, Reason.REFUSED, 1),
        ({"consents": (agreement(ConsentDecision.SKIPPED),)}, Reason.REFUSED, 1),
        (
            {"consents": (agreement(ConsentDecision.AGREED), agreement(ConsentDecision.WITHDRAWN))},
            Reason.WITHDRAWN,
            1,
        ),
        ({"consents": (agreement(ConsentDecision.AGREED),)}, Reason.CONSENT_REQUIRED, 2),
        ({"answers": ()}, Reason.PROFILE_REQUIRED, 3),
        ({"answers": (AnswerFact(ZONE, 30, 300, True),)}, Reason.SURVEY_REQUIRED, 4),
        ({"cases": ()}, Reason.VERIFICATION_REQUIRED, 5),
        ({"cases": (CaseFact(CaseState.DRAFT),)}, Reason.VERIFICATION_REQUIRED, 5),
        ({"cases": (CaseFact(CaseState.SUBMITTED),)}, Reason.PENDING_REVIEW, None),
        ({"cases": (CaseFact(CaseState.IN_REVIEW),)}, Reason.PENDING_REVIEW, None),
        ({"cases": (CaseFact(CaseState.NEEDS_ANSWER),)}, Reason.PENDING_REVIEW, 5),
        ({"cases": (CaseFact(CaseState.REJECTED),)}, Reason.REJECTED, 5),
        ({"cases": (CaseFact(CaseState.REVOKED, LATER),)}, Reason.REVOKED, 5),
        ({"cases": (CaseFact(CaseState.EXPIRED, LATER),)}, Reason.EXPIRED, 5),
        ({"cases": (CaseFact(CaseState.APPROVED, NOW),)}, Reason.EXPIRED, 5),
        ({"cases": (CaseFact(CaseState.APPROVED, None),)}, Reason.EXPIRED, 5),
        ({"admissions": ()}, Reason.EXPIRED, ENTER_STEP_ID),
        ({"admissions": (AdmissionFact(ZONE, NOW),)}, Reason.EXPIRED, ENTER_STEP_ID),
        ({"admissions": (AdmissionFact(ZONE + 1, LATER),)}, Reason.EXPIRED, ENTER_STEP_ID),
        ({"admissions": (AdmissionFact(ZONE, LATER, revoked=True),)}, Reason.REVOKED, None),
        ({"admissions": (AdmissionFact(ZONE, PAST, revoked=True),)}, Reason.REVOKED, None),
    ],
)
def test_each_missing_or_ended_record_denies_with_its_reason(records, reason, step):
    assert outcome(changed(**records)) == (False, reason, step)


def test_every_reason_of_the_product_can_be_reached():
    reached = {Reason.PUBLIC, Reason.ANONYMOUS, Reason.ADMITTED, Reason.GRANTED_BY_STAFF}
    marks = test_each_missing_or_ended_record_denies_with_its_reason.pytestmark
    reached |= {case[1] for mark in marks for case in mark.args[1]}
    assert reached == set(Reason)


def test_the_first_missing_step_in_the_configured_order_comes_next():
    newcomer = Subject(user_id=1)
    assert outcome(newcomer) == (False, Reason.AGREEMENT_REQUIRED, 1)
    reordered = dataclasses.replace(HCP_ZONE, steps=(VERIFICATION, SURVEY, AGREEMENT))
    assert outcome(newcomer, reordered) == (False, Reason.VERIFICATION_REQUIRED, 5)


class TestGrants:
    def test_a_grant_opens_without_any_step(self):
        press = Subject(user_id=1, grants=(GrantFact(ZONE, LATER),))
        assert decide(press, HCP_ZONE, now=NOW) == Decision(True, Reason.GRANTED_BY_STAFF, expires_at=LATER)

    def test_the_grant_that_lasts_longest_counts(self):
        for_ever = Subject(user_id=1, grants=(GrantFact(ZONE, None), GrantFact(ZONE, LATER)))
        assert decide(for_ever, HCP_ZONE, now=NOW).expires_at is None

    @pytest.mark.parametrize(
        "grant", [GrantFact(ZONE, NOW), GrantFact(ZONE, PAST), GrantFact(ZONE + 1, LATER)]
    )
    def test_an_ended_grant_or_one_for_another_zone_opens_nothing(self, grant):
        assert outcome(Subject(user_id=1, grants=(grant,)))[0] is False


class TestAudiences:
    def test_registered_readers_need_no_verification(self):
        zone = dataclasses.replace(HCP_ZONE, audience=Audience.REGISTERED)
        assert outcome(changed(cases=()), zone) == (True, Reason.ADMITTED, None)
        assert outcome(changed(cases=(CaseFact(CaseState.REVOKED),)), zone)[0] is True

    def test_a_registered_zone_without_steps_needs_an_account_only(self):
        zone = ZoneRules(ZONE, Audience.REGISTERED, (VERIFICATION,))
        assert outcome(Subject(user_id=1), zone) == (True, Reason.ADMITTED, None)
        assert outcome(Subject(), zone) == (False, Reason.ANONYMOUS, None)

    def test_hcp_needs_a_verification_even_where_the_zone_has_no_such_step(self):
        zone = ZoneRules(ZONE, Audience.HCP, (AGREEMENT,))
        assert outcome(changed(cases=()), zone) == (
            False,
            Reason.VERIFICATION_REQUIRED,
            IMPLIED_VERIFICATION_ID,
        )
        assert outcome(COMPLETE, zone)[0] is True

    def test_an_hcp_zone_without_any_rule_is_closed(self):
        assert outcome(Subject(user_id=1), ZoneRules(ZONE, Audience.HCP))[0] is False


class TestAgreements:
    def test_a_decision_in_another_zone_does_not_count(self):
        elsewhere = (agreement(ConsentDecision.AGREED, zone=ZONE + 1), consent(ConsentDecision.AGREED))
        assert outcome(changed(consents=elsewhere)) == (False, Reason.AGREEMENT_REQUIRED, 1)

    def test_an_older_version_counts_until_one_asks_again(self):
        old = (agreement(ConsentDecision.AGREED, version=100), consent(ConsentDecision.AGREED))
        assert outcome(changed(consents=old))[0] is True
        asks = dataclasses.replace(AGREEMENT, valid_version_ids=frozenset({101}), asks_again=True)
        zone = dataclasses.replace(HCP_ZONE, steps=(asks, *STEPS[1:]))
        assert outcome(changed(consents=old), zone) == (False, Reason.AGREEMENT_REQUIRED, 1)

    def test_an_agreement_that_was_never_published_closes_the_zone(self):
        unpublished = StepRule(1, "agreement", subject_id=10)
        zone = dataclasses.replace(HCP_ZONE, steps=(unpublished, *STEPS[1:]))
        assert outcome(COMPLETE, zone) == (False, Reason.AGREEMENT_REQUIRED, 1)

    def test_the_last_decision_counts(self):
        history = (
            agreement(ConsentDecision.REFUSED),
            agreement(ConsentDecision.AGREED),
            consent(ConsentDecision.AGREED),
        )
        assert outcome(changed(consents=history))[0] is True
        history = (*history, agreement(ConsentDecision.WITHDRAWN))
        assert outcome(changed(consents=history)) == (False, Reason.WITHDRAWN, 1)


class TestInformedConsent:
    @pytest.mark.parametrize(
        "decided", [ConsentDecision.SKIPPED, ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN]
    )
    def test_declining_blocks_nothing_that_does_not_need_it(self, decided):
        declined = (agreement(ConsentDecision.AGREED), consent(decided))
        plain = (AnswerFact(ZONE, 30, 300, False),)
        assert outcome(changed(consents=declined, answers=plain))[0] is True

    def test_questions_that_may_be_asked_are_asked_of_those_who_declined(self):
        declined = (agreement(ConsentDecision.AGREED), consent(ConsentDecision.SKIPPED))
        assert outcome(changed(consents=declined, answers=())) == (False, Reason.PROFILE_REQUIRED, 3)

    def test_agreeing_later_asks_the_bound_questions(self):
        plain = (AnswerFact(ZONE, 30, 300, False),)
        assert outcome(changed(answers=plain)) == (False, Reason.PROFILE_REQUIRED, 3)

    def test_without_a_consent_step_bound_questions_are_never_asked(self):
        zone = dataclasses.replace(HCP_ZONE, steps=(AGREEMENT, SURVEY, VERIFICATION))
        assert outcome(changed(answers=()), zone)[0] is True

    def test_every_consent_of_the_zone_must_be_given(self):
        other = StepRule(6, "consent", subject_id=60, version_id=600, valid_version_ids=frozenset({600}))
        zone = dataclasses.replace(HCP_ZONE, steps=(AGREEMENT, CONSENT, other, SURVEY, VERIFICATION))
        one = (*COMPLETE.consents, ConsentFact(ZONE, 60, 600, ConsentDecision.SKIPPED))
        assert outcome(changed(consents=one, answers=()), zone)[0] is True
        both = (*COMPLETE.consents, ConsentFact(ZONE, 60, 600, ConsentDecision.AGREED))
        assert outcome(changed(consents=both, answers=()), zone) == (False, Reason.SURVEY_REQUIRED, 4)


class TestVerification:
    @pytest.mark.parametrize(
        "later", [CaseState.SUBMITTED, CaseState.IN_REVIEW, CaseState.REJECTED, CaseState.DRAFT]
    )
    def test_a_renewal_leaves_the_valid_approval_standing(self, later):
        assert outcome(changed(cases=(*COMPLETE.cases, CaseFact(later))))[0] is True

    def test_a_revocation_ends_every_approval_before_it(self):
        cases = (*COMPLETE.cases, CaseFact(CaseState.REVOKED, LATER))
        assert outcome(changed(cases=cases)) == (False, Reason.REVOKED, 5)

    def test_a_new_approval_after_a_revocation_counts(self):
        cases = (CaseFact(CaseState.REVOKED), CaseFact(CaseState.APPROVED, LATER))
        assert outcome(changed(cases=cases))[0] is True

    def test_a_request_after_a_revocation_waits(self):
        cases = (CaseFact(CaseState.REVOKED), CaseFact(CaseState.SUBMITTED))
        assert outcome(changed(cases=cases)) == (False, Reason.PENDING_REVIEW, None)


class TestAdmission:
    def test_only_the_latest_admission_counts(self):
        revoked = AdmissionFact(ZONE, LATER, revoked=True)
        assert outcome(changed(admissions=(AdmissionFact(ZONE, LATER), revoked))) == (
            False,
            Reason.REVOKED,
            None,
        )
        assert outcome(changed(admissions=(revoked, AdmissionFact(ZONE, LATER))))[0] is True

    def test_an_admission_alone_opens_nothing(self):
        lonely = Subject(user_id=1, admissions=(AdmissionFact(ZONE, LATER),))
        assert outcome(lonely) == (False, Reason.AGREEMENT_REQUIRED, 1)

    def test_a_zone_cannot_be_configured_with_entering_as_a_step(self):
        zone = ZoneRules(ZONE, Audience.HCP, (StepRule(9, "enter"),))
        with pytest.raises(ValueError, match="enter"):
            decide(COMPLETE, zone, now=NOW)


class TestSeparateConsents:
    """Publication, sharing, transfer abroad: each for itself, none of them the informed consent."""

    SHARING = StepRule(
        6, "separate_consent", subject_id=60, version_id=600, valid_version_ids=frozenset({600})
    )
    ABROAD = StepRule(
        7, "separate_consent", subject_id=70, version_id=700, valid_version_ids=frozenset({700})
    )
    HCP_ZONE = dataclasses.replace(HCP_ZONE, steps=(AGREEMENT, CONSENT, SHARING, ABROAD, *STEPS[2:]))

    def decided(self, sharing: ConsentDecision | None, abroad: ConsentDecision | None) -> Subject:
        more = [
            ConsentFact(ZONE, subject_id, subject_id * 10, decided)
            for subject_id, decided in ((60, sharing), (70, abroad))
            if decided is not None
        ]
        return changed(consents=(*COMPLETE.consents, *more))

    @pytest.mark.parametrize("sharing", ConsentDecision)
    @pytest.mark.parametrize("abroad", ConsentDecision)
    def test_any_decision_on_each_will_do(self, sharing, abroad):
        assert outcome(self.decided(sharing, abroad), self.HCP_ZONE) == (True, Reason.ADMITTED, None)

    @pytest.mark.parametrize("decided", ConsentDecision)
    def test_each_is_asked_for_itself(self, decided):
        assert outcome(self.decided(None, decided), self.HCP_ZONE) == (False, Reason.CONSENT_REQUIRED, 6)
        assert outcome(self.decided(decided, None), self.HCP_ZONE) == (False, Reason.CONSENT_REQUIRED, 7)

    @pytest.mark.parametrize("decided", ConsentDecision)
    def test_the_questions_depend_on_the_informed_consent_alone(self, decided):
        subject = self.decided(decided, decided)
        assert consented(subject, self.HCP_ZONE)
        declined = dataclasses.replace(
            subject, consents=(*subject.consents, consent(ConsentDecision.WITHDRAWN)), answers=()
        )
        assert not consented(declined, self.HCP_ZONE)
        assert not_asked(declined, self.HCP_ZONE, SURVEY)
        alone = dataclasses.replace(self.HCP_ZONE, steps=(self.SHARING, SURVEY, VERIFICATION))
        assert not consented(subject, alone)

    def test_one_of_them_in_another_zone_does_not_count(self):
        elsewhere = ConsentFact(ZONE + 1, 60, 600, ConsentDecision.AGREED)
        subject = changed(consents=(*COMPLETE.consents, elsewhere))
        assert outcome(subject, self.HCP_ZONE) == (False, Reason.CONSENT_REQUIRED, 6)


class TestStanding:
    """What a withdrawal would be of."""

    @pytest.mark.parametrize(
        ("history", "version"),
        [
            ([], None),
            ([(100, ConsentDecision.AGREED)], 100),
            ([(100, ConsentDecision.REFUSED)], None),
            ([(100, ConsentDecision.SKIPPED)], None),
            ([(100, ConsentDecision.REFUSED), (100, ConsentDecision.AGREED)], 100),
            ([(100, ConsentDecision.AGREED), (100, ConsentDecision.WITHDRAWN)], None),
            (
                [
                    (100, ConsentDecision.AGREED),
                    (100, ConsentDecision.WITHDRAWN),
                    (101, ConsentDecision.AGREED),
                ],
                101,
            ),
            ([(100, ConsentDecision.AGREED), (101, ConsentDecision.AGREED)], 101),
            (
                [
                    (100, ConsentDecision.AGREED),
                    (101, ConsentDecision.AGREED),
                    (101, ConsentDecision.WITHDRAWN),
                ],
                None,
            ),
            ([(100, ConsentDecision.AGREED), (101, ConsentDecision.REFUSED)], 100),
            ([(100, ConsentDecision.AGREED), (101, ConsentDecision.SKIPPED)], 100),
            (
                [
                    (100, ConsentDecision.AGREED),
                    (101, ConsentDecision.SKIPPED),
                    (100, ConsentDecision.WITHDRAWN),
                ],
                None,
            ),
        ],
    )
    def test_it_is_the_last_agreement_since_the_last_withdrawal(self, history, version):
        facts = tuple(agreement(decided, version) for version, decided in history)
        fact = standing(Subject(user_id=1, consents=facts), ZONE, 10)
        assert (fact.version_id if fact else None) == version

    def test_other_zones_and_other_texts_have_their_own(self):
        subject = Subject(
            user_id=1,
            consents=(agreement(ConsentDecision.AGREED), agreement(ConsentDecision.WITHDRAWN, zone=ZONE + 1)),
        )
        assert standing(subject, ZONE, 10) is not None
        assert standing(subject, ZONE + 1, 10) is None
        assert standing(subject, ZONE, 20) is None

    @pytest.mark.parametrize("decided", ConsentDecision)
    def test_withdrawing_an_old_version_decides_nothing_on_the_new_one(self, decided):
        asks = dataclasses.replace(AGREEMENT, valid_version_ids=frozenset({101}), asks_again=True)
        zone = dataclasses.replace(HCP_ZONE, steps=(asks, *STEPS[1:]))
        old = agreement(ConsentDecision.AGREED, version=100)
        history = (old, consent(ConsentDecision.AGREED))
        gone = agreement(ConsentDecision.WITHDRAWN, version=100)
        assert outcome(changed(consents=(*history, gone)), zone) == outcome(changed(consents=history), zone)
        decided = (*history, agreement(decided, version=101))
        assert outcome(changed(consents=(*decided, gone)), zone) == outcome(changed(consents=decided), zone)

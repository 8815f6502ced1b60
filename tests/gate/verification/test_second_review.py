"""When one decision is not enough: rules that hold whatever came before."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.errors import AlreadyDecided
from gate.models import RegisterCheck, User, Verification
from gate.people.reviewing import barred
from gate.verification.revocations import decline_revocation, propose_revocation, revoke
from gate.verification.second_review import OVERRIDES, Cause, any_is_against, causes, is_seconded
from tests.factories.gate import approve, confirm, reject, reviewer, submitted

Status = RegisterCheck.Status
registers = st.sampled_from(["甲", "乙", "丙"])
checks = st.lists(st.tuples(registers, st.sampled_from(Status.values)))
against = st.sampled_from([Status.NOT_FOUND, Status.DIFFERS])
decisions = st.sampled_from(["approved", "rejected"])
reasons = st.lists(st.sampled_from(Cause), unique=True)


class TestRegisters:
    @given(checks, st.lists(registers))
    def test_a_register_that_cannot_be_reached_takes_nothing_back(self, history, unreached):
        silent = [(register, Status.UNAVAILABLE) for register in unreached]
        assert any_is_against([*history, *silent]) == any_is_against(history)

    @given(checks, registers, against)
    def test_one_that_says_no_is_enough(self, history, register, answer):
        others = [(name, status) for name, status in history if name != register]
        assert any_is_against([*history, (register, answer), *others])

    @given(checks)
    def test_each_that_said_no_may_say_otherwise_later(self, history):
        now_found = [(register, Status.FOUND) for register in dict(history)]
        assert not any_is_against([*history, *now_found])

    @given(checks)
    def test_no_order_among_registers_counts(self, history):
        by_register = sorted(history, key=lambda check: check[0])
        assert any_is_against(by_register) == any_is_against(history)

    @given(st.lists(st.tuples(registers, st.sampled_from([Status.FOUND, Status.UNAVAILABLE]))))
    def test_where_none_said_no_none_is_against(self, history):
        assert not any_is_against(history)


class TestTwoWhoWantIt:
    @given(decisions, reasons)
    def test_without_a_proposal_no_decision_is_the_second(self, decision, why):
        assert not is_seconded(Verification(), decision, why)

    @given(decisions, decisions, reasons)
    def test_what_goes_against_what_is_known_takes_two_who_want_the_same(self, proposed, decision, why):
        case = Verification(proposal={"decision": proposed})
        if OVERRIDES.intersection(why):
            assert is_seconded(case, decision, why) == (proposed == decision)
        else:
            assert is_seconded(case, decision, why)

    @given(*[st.one_of(st.none(), st.integers(1, 3))] * 2, st.integers(1, 3))
    def test_who_decided_first_is_barred_from_deciding_again(self, proposed_by, appealed_from, user_id):
        case = Verification(proposed_by_id=proposed_by, appealed_from_id=appealed_from)
        assert bool(barred(User(pk=user_id), case)) == (user_id in (proposed_by, appealed_from))


@pytest.mark.django_db
class TestSample:
    @pytest.fixture
    def sampled(self, settings):
        """Whether the case would be in the sample, were this its uuid."""
        case = submitted()

        def sampled(percent, number, *, decision="rejected", appealed_from=None):
            settings.XINGLIN_SECOND_REVIEW_PERCENT = percent
            case.uuid, case.appealed_from = UUID(int=number), appealed_from
            return Cause.SAMPLE in causes(case, decision)

        return sampled

    def test_grows_with_the_percent_and_is_the_same_each_time(self, sampled):
        for number in range(20):
            drawn = [sampled(percent, number) for percent in range(0, 101, 10)]
            assert drawn == sorted(drawn)
            assert (drawn[0], drawn[-1]) == (False, True)
            assert sampled(50, number, decision="approved") == drawn[5]

    def test_is_about_as_large_as_it_should_be(self, sampled):
        assert 80 < sum(sampled(30, number) for number in range(400)) < 160

    def test_an_appeal_is_not_drawn_again(self, sampled):
        first = reviewer()
        assert not any(sampled(100, number, appealed_from=first) for number in range(20))


@pytest.mark.django_db
class TestAgainstADuplicate:
    NUMBER = "110110000000777"

    @pytest.fixture
    def case(self):
        submitted(licence_number=self.NUMBER)
        return submitted(licence_number=self.NUMBER)

    def test_a_rejection_and_an_approval_are_not_two_who_approve(self, case, settings):
        settings.XINGLIN_SECOND_REVIEW_PERCENT = 100
        first, second, third = reviewer(), reviewer(), reviewer()
        reject(case=case, reviewer=first, reason="不清。")
        proposed = approve(case=case, reviewer=second)
        assert (proposed.state, proposed.proposed_by) == ("submitted", second)
        assert approve(case=case, reviewer=third).state == "approved"

    def test_what_became_known_after_the_first_decision_counts(self, settings):
        settings.XINGLIN_SECOND_REVIEW_PERCENT = 100
        case = submitted(licence_number=self.NUMBER)
        reject(case=case, reviewer=reviewer(), reason="不清。")
        submitted(licence_number=self.NUMBER)
        assert approve(case=case, reviewer=reviewer()).state == "submitted"

    def test_an_end_that_has_passed_meanwhile_is_not_confirmed(self, case, clock):
        approve(case=case, reviewer=reviewer(), expires_at=clock.now + timedelta(days=1))
        clock.now += timedelta(days=1)
        with pytest.raises(AlreadyDecided):
            confirm(case=case, reviewer=reviewer())
        case.refresh_from_db()
        assert (case.state, case.proposal["decision"]) == ("submitted", "approved")
        ends = clock.now + timedelta(days=9)
        assert approve(case=case, reviewer=reviewer(), expires_at=ends).expires_at == ends

    def test_an_end_that_is_yet_to_come_is_confirmed_as_proposed(self, case, clock):
        ends = clock.now + timedelta(days=1)
        approve(case=case, reviewer=reviewer(), expires_at=ends)
        clock.now += timedelta(hours=23)
        assert confirm(case=case, reviewer=reviewer()).expires_at == ends


@pytest.mark.django_db
def test_a_register_out_of_reach_hides_no_earlier_answer(clock):
    case = submitted()
    for status in (Status.NOT_FOUND, Status.UNAVAILABLE):
        RegisterCheck.objects.create(
            verification=case, register="示范登记库", status=status, checked_at=clock.now
        )
    assert approve(case=case, reviewer=reviewer()).proposal["causes"] == ["register"]


@pytest.mark.django_db
def test_a_revocation_by_one_is_none():
    first = reviewer()
    case = approve(case=submitted(), reviewer=first)
    propose_revocation(case=case, reviewer=first, reason="已注销。")
    decline_revocation(case=case, reviewer=reviewer())
    with pytest.raises(AlreadyDecided):
        revoke(case=case, reviewer=reviewer())
    case.refresh_from_db()
    assert case.state == "approved"

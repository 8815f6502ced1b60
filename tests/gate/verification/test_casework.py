"""Questions to the applicant, second reviews, appeals, hand-overs, notes and possible duplicates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.errors import AlreadyDecided, InvalidAnswers, MissingReason, NotYourCase
from gate.models import CaseMessage, RegisterCheck, User, Verification
from gate.people.grants import grant
from gate.people.reviewing import ANSWER_WITHIN, HELD_FOR, claim_ends, colleagues, may_see_credentials
from gate.verification import decisions
from gate.verification.casework import add_note, hand_over, request_information
from gate.verification.decisions import claim
from gate.verification.duplicates import requests_alike
from gate.verification.replies import appeal, give_information
from gate.verification.status import APPEAL_WITHIN, case_status
from gate.verification.submission import submit_verification
from tests.factories.gate import (
    UserFactory,
    allow_credentials,
    approve,
    card_of,
    confirm,
    credential,
    gated_zone,
    permit,
    reject,
    reviewer,
    submitted,
    take_steps,
    verification_in,
)

pytestmark = pytest.mark.django_db


def events(case):
    return list(case.events.order_by("pk").values_list("action", flat=True))


def claimed(**changes):
    who, case = reviewer(), submitted(**changes)
    return who, claim(case=case, reviewer=who)


def twins():
    """Two requests of different people with the same licence number."""
    return submitted(licence_number="110110000000777"), submitted(licence_number="110110000000777")


class TestQuestion:
    def test_goes_to_the_person_and_back_to_who_asked(self):
        who, case = claimed()
        request_information(case=case, reviewer=who, question="请补充进修证明。")
        status = case_status(case.user, now=timezone.now())
        assert (status.state, status.question.text, status.position) == (
            "needs_answer",
            "请补充进修证明。",
            None,
        )
        extra = credential(data=card_of(UserFactory()))
        give_information(user=case.user, answer="见附件。", files=[extra])
        case.refresh_from_db()
        assert (case.state, case.reviewer) == ("in_review", who)
        assert claim_ends(case) == case.claimed_at + HELD_FOR
        assert case.credentials.count() == 2
        assert events(case) == ["submitted", "claimed", "information_requested", "information_given"]
        assert case_status(case.user, now=timezone.now()).question is None

    def test_still_denies_with_the_reason_of_a_pending_review(self):
        zone, user = gated_zone(), UserFactory()
        take_steps(user, zone, until="verification")
        verification_in("needs_answer", user, zone=zone)
        state = Access(user).state(zone)
        assert state.decision.reason == Reason.PENDING_REVIEW
        assert state.decision.next_step.kind == "verification"

    def test_the_time_until_the_answer_does_not_count(self):
        case = verification_in("needs_answer")
        start = timezone.now() - timedelta(days=9)
        Verification.objects.filter(pk=case.pk).update(
            submitted_at=start, claimed_at=start + timedelta(hours=5)
        )
        give_information(user=case.user, answer="好的。")
        case.refresh_from_db()
        assert timedelta(hours=5) <= timezone.now() - case.waits_since < timedelta(hours=5, minutes=1)

    def test_nor_does_it_when_the_reviewer_takes_the_case_back(self):
        case = verification_in("needs_answer")
        start = timezone.now() - timedelta(days=9)
        Verification.objects.filter(pk=case.pk).update(
            submitted_at=start, claimed_at=start + timedelta(hours=5)
        )
        taken = claim(case=case, reviewer=case.reviewer)
        assert timedelta(hours=5) <= timezone.now() - taken.waits_since < timedelta(hours=5, minutes=1)

    def test_comes_back_to_the_queue_when_the_reviewer_is_gone(self):
        case = verification_in("needs_answer")
        case.reviewer.groups.clear()
        give_information(user=case.user, answer="好的。")
        case.refresh_from_db()
        assert (case.state, case.reviewer) == ("submitted", None)

    @pytest.mark.parametrize("act", [decisions.approve, claim])
    def test_nobody_else_goes_on_meanwhile(self, act):
        case = verification_in("needs_answer")
        with pytest.raises(AlreadyDecided):
            act(case=case, reviewer=reviewer())

    def test_can_be_taken_back_at_once_by_who_asked_and_in_time_by_all(self):
        case = verification_in("needs_answer")
        assert claim(case=case, reviewer=case.reviewer).state == "in_review"
        case = verification_in("needs_answer")
        Verification.objects.filter(pk=case.pk).update(claimed_at=timezone.now() - ANSWER_WITHIN)
        assert claim(case=case, reviewer=reviewer()).state == "in_review"

    def test_needs_words_and_so_does_the_answer(self):
        who, case = claimed()
        with pytest.raises(MissingReason):
            request_information(case=case, reviewer=who, question=" \n")
        request_information(case=case, reviewer=who, question="？")
        with pytest.raises(InvalidAnswers) as refused:
            give_information(user=case.user, answer=" ")
        assert set(refused.value.fields) == {"answer"}

    def test_is_answered_once(self):
        case = verification_in("needs_answer")
        give_information(user=case.user, answer="好的。")
        with pytest.raises(AlreadyDecided):
            give_information(user=case.user, answer="好的。")
        assert events(case).count("information_given") == 1


class TestSecondPairOfEyes:
    def test_an_approval_against_a_duplicate_takes_two(self):
        case, _other = twins()
        first, second = reviewer(), reviewer()
        proposed = approve(case=case, reviewer=first)
        assert (proposed.state, proposed.reviewer, proposed.proposed_by) == ("submitted", None, first)
        for act in (claim, decisions.approve, decisions.confirm):
            with pytest.raises(NotYourCase):
                act(case=case, reviewer=first)
        assert confirm(case=case, reviewer=second).state == "approved"
        assert case.events.latest("pk").detail == {"proposal": "confirmed", "proposed_by": first.pk}
        assert events(case) == ["submitted", "proposed", "approved"]

    def test_so_does_one_against_a_register(self):
        case = submitted()
        for status in ("found", "not_found"):
            RegisterCheck.objects.create(
                verification=case, register="示范登记库", status=status, checked_at=timezone.now()
            )
        assert approve(case=case, reviewer=reviewer()).proposal["causes"] == ["register"]

    def test_the_second_reviewer_may_overturn_it(self):
        case, _other = twins()
        approve(case=case, reviewer=reviewer())
        done = reject(case=case, reviewer=reviewer(), reason="编号属于他人。")
        assert (done.state, done.proposal) == ("rejected", {})
        assert case.events.latest("pk").detail["proposal"] == "overturned"

    def test_rejecting_a_duplicate_takes_one(self):
        case, _other = twins()
        assert reject(case=case, reviewer=reviewer(), reason="编号属于他人。").state == "rejected"

    def test_a_sample_takes_two_whatever_is_decided(self, settings):
        settings.XINGLIN_SECOND_REVIEW_PERCENT = 100
        case = submitted()
        reject(case=case, reviewer=reviewer(), reason="看不清。", field_reasons={"credentials": "糊"})
        case.refresh_from_db()
        assert (case.state, case.reason) == ("submitted", "")
        done = confirm(case=case, reviewer=reviewer())
        assert (done.state, done.reason, done.field_reasons) == (
            "rejected",
            "看不清。",
            {"credentials": "糊"},
        )

    def test_without_a_proposal_there_is_nothing_to_confirm(self):
        with pytest.raises(AlreadyDecided):
            confirm(case=submitted(), reviewer=reviewer())


class TestAppeal:
    def test_goes_to_somebody_else_and_its_outcome_is_on_record(self):
        case = verification_in("rejected")
        first = case.reviewer
        appeal(user=case.user, reason="证书是本人的。")
        case.refresh_from_db()
        assert (case.state, case.reviewer, case.appealed_from) == ("submitted", None, first)
        with pytest.raises(NotYourCase):
            claim(case=case, reviewer=first)
        assert approve(case=case, reviewer=reviewer()).reason == ""
        assert case.events.latest("pk").detail == {"appeal": "overturned"}
        assert case.messages.get(kind="decision").text == "照片不清晰，请重新拍摄。"

    def test_waits_since_it_was_made(self, clock):
        case = verification_in("rejected")
        clock.now += timedelta(days=3)
        assert appeal(user=case.user, reason="请复核。").waits_since == clock.now

    def test_is_possible_once(self):
        case = verification_in("rejected")
        appeal(user=case.user, reason="请复核。")
        reject(case=case, reviewer=reviewer(), reason="仍然不清晰。")
        assert case.events.latest("pk").detail == {"appeal": "upheld"}
        with pytest.raises(AlreadyDecided):
            appeal(user=case.user, reason="请再复核。")

    def test_is_possible_for_some_time_and_with_a_reason(self):
        case = verification_in("rejected")
        with pytest.raises(InvalidAnswers):
            appeal(user=case.user, reason="  ")
        Verification.objects.filter(pk=case.pk).update(decided_at=timezone.now() - APPEAL_WITHIN)
        with pytest.raises(AlreadyDecided):
            appeal(user=case.user, reason="请复核。")

    @pytest.mark.parametrize("state", ["submitted", "in_review", "needs_answer", "approved", "revoked"])
    def test_is_of_a_rejection(self, state):
        with pytest.raises(AlreadyDecided):
            appeal(user=verification_in(state).user, reason="请复核。")


class TestHandOverAndNotes:
    def test_gives_the_case_and_its_file_to_the_colleague(self):
        who, case = claimed()
        colleague = reviewer()
        hand_over(case=case, reviewer=who, to=colleague, note="您熟悉这家医院。")
        case.refresh_from_db()
        assert (case.state, case.reviewer) == ("in_review", colleague)
        assert case.messages.get().to == colleague
        with pytest.raises(NotYourCase):
            approve(case=case, reviewer=who)

    def test_offers_who_may_take_it_by_a_role_or_a_right_and_gets_into_the_admin(self):
        zone = gated_zone("verification")
        case, who = submitted(zone=zone), reviewer()
        by_role = reviewer(display_name="一")
        by_right, outside, closed, barred, elsewhere = (
            UserFactory(display_name=name) for name in ("二", "三", "四", "五", "六")
        )
        for user in (by_right, closed, barred, elsewhere):
            permit(user, "wagtailadmin.access_admin")
        for user in (by_right, outside, closed, barred):
            grant(user=user, zone_id=zone.pk, right="review", reason="审核", by=None)
        other = gated_zone("verification")
        grant(user=elsewhere, zone_id=other.pk, right="review", reason="审核", by=None)
        User.objects.filter(pk=closed.pk).update(is_active=False)
        Verification.objects.filter(pk=case.pk).update(proposed_by=barred)
        case.refresh_from_db()
        found = set(colleagues(who, case).values_list("pk", flat=True))
        assert found >= {by_role.pk, by_right.pk}
        assert not found & {who.pk, case.user_id, outside.pk, closed.pk, barred.pk, elsewhere.pk}

    @pytest.mark.parametrize("to", ["outsider", "person", "self"])
    def test_only_to_a_colleague_who_may_decide_it(self, to):
        who, case = claimed()
        user = {"outsider": UserFactory(), "person": case.user, "self": who}[to]
        with pytest.raises(NotYourCase):
            hand_over(case=case, reviewer=who, to=user, note="请看。")

    def test_a_note_is_for_reviewers_and_one_when_sent_twice(self):
        case, colleague = submitted(), reviewer()
        for _time in range(2):
            add_note(case=case, reviewer=colleague, text="已致电医院人事处。")
        assert CaseMessage.objects.get().author == colleague
        assert events(case).count("noted") == 1
        assert "人事处" not in str(case_status(case.user, now=timezone.now()))

    def test_nobody_writes_on_their_own_case(self):
        who = reviewer()
        case = submitted(who)
        with pytest.raises(NotYourCase):
            add_note(case=case, reviewer=who, text="没问题。")

    @pytest.mark.parametrize(
        "change", ["text = 'x'", "kind = 'answer', text = ''", "author_id = 0, text = ''"]
    )
    def test_the_database_keeps_the_words_or_nothing(self, change):
        who, case = claimed()
        add_note(case=case, reviewer=who, text="备注")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE gate_casemessage SET {change}")  # noqa: S608 (the test's own words)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM gate_casemessage")
        assert CaseMessage.objects.blank() == 1
        assert CaseMessage.objects.get().text == ""


class TestDuplicates:
    def test_by_number_and_by_picture_of_another_account(self):
        case, other = twins()
        picture = card_of(case.user)
        third = submit_verification(
            user=allow_credentials(UserFactory()),
            data={
                "full_name": "林三",
                "profession": "physician",
                "licence_number": "110110000000333",
                "institution": "示例医院",
                "department": "内科",
            },
            files=[credential(data=picture)],
        )
        assert set(requests_alike(case)) == {other, third}
        assert not requests_alike(submitted()).exists()

    def test_a_draft_counts_for_nothing(self):
        case, other = twins()
        Verification.objects.filter(pk=other.pk).update(state="draft")
        assert not requests_alike(case).exists()
        assert approve(case=case, reviewer=reviewer()).state == "approved"

    def test_a_resubmission_is_not_a_duplicate_of_itself(self):
        case = verification_in("rejected")
        assert not requests_alike(submitted(case.user)).exists()


def test_superusers_see_no_credential_without_the_right():
    boss = UserFactory(is_superuser=True)
    assert not may_see_credentials(boss, submitted())

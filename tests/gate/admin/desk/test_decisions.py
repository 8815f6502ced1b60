"""Claiming, approving, rejecting: one winner each, messages of refusals, and the next case."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation

from gate.models import Admission, Verification, VerificationEvent
from gate.people.reviewing import CLAIM_LASTS
from gate.verification.decisions import LONGEST_TERM, USUAL_TERM
from gate.verification.submission import submit_verification
from tests.factories.gate import UserFactory, gated_zone, looked, submitted, take_steps, verification_in
from tests.gate.admin.desk.conftest import last_event

pytestmark = pytest.mark.django_db


def said(answer):
    return [str(message).strip() for message in get_messages(answer.wsgi_request)]


def taken(desk, **changes):
    """A case that this desk has taken and looked at."""
    case = looked(submitted(**changes), desk.user)
    desk.post("claim", case)
    case.refresh_from_db()
    return case


def decisions_of(case):
    return list(case.events.filter(action__in=("approved", "rejected")).values_list("action", flat=True))


class TestClaim:
    def test_makes_the_case_this_reviewers(self, desk):
        case = taken(desk)
        assert (case.state, case.reviewer) == ("in_review", desk.user)

    def test_of_two_the_first_has_it_and_the_second_is_told(self, desk, sit_down):
        case = taken(desk)
        other = sit_down()
        refused = other.post("claim", case)
        case.refresh_from_db()
        assert case.reviewer == desk.user
        assert said(refused) == ["Another reviewer is working on this case."]
        assert "/approve/" not in other.case(case).content.decode()

    def test_goes_to_another_when_it_was_left_alone(self, desk, sit_down):
        case = taken(desk)
        Verification.objects.filter(pk=case.pk).update(claimed_at=timezone.now() - CLAIM_LASTS)
        other = sit_down()
        other.post("claim", case)
        case.refresh_from_db()
        assert case.reviewer == other.user
        desk.approve(case)
        case.refresh_from_db()
        assert case.state == "in_review"

    def test_put_back_keeps_the_place_in_the_queue(self, desk):
        case = taken(desk)
        before = case.submitted_at
        assert desk.post("release", case)["Location"] == reverse("gate_desk:queue")
        case.refresh_from_db()
        assert (case.state, case.reviewer, case.submitted_at) == ("submitted", None, before)

    def test_of_another_is_not_put_back(self, desk, sit_down):
        case = taken(desk)
        sit_down().post("release", case)
        case.refresh_from_db()
        assert case.reviewer == desk.user


class TestApprove:
    def test_recognises_the_person_for_the_usual_term_and_opens_their_zones(self, desk):
        zone, user = gated_zone(), UserFactory()
        take_steps(user, zone, until="verification")
        case = looked(submitted(user, zone=zone), desk.user)
        desk.post("claim", case)
        answer = desk.approve(case)
        case.refresh_from_db()
        assert (case.state, case.reviewer) == ("approved", desk.user)
        assert abs(case.expires_at - timezone.now() - USUAL_TERM) < dt.timedelta(minutes=5)
        assert Admission.objects.filter(user=user, zone=zone).exists()
        assert said(answer)[0] == "林一 is approved."

    def test_until_a_chosen_day_to_its_end(self, desk):
        case = taken(desk)
        day = timezone.localdate() + dt.timedelta(days=30)
        desk.approve(case, expires_on=day.isoformat())
        case.refresh_from_db()
        assert timezone.localtime(case.expires_at).date() == day
        assert timezone.localtime(case.expires_at).hour == 23

    @pytest.mark.parametrize("days", [-1, 0, LONGEST_TERM.days, LONGEST_TERM.days + 1, 999_999])
    def test_not_for_a_day_out_of_bounds(self, desk, days):
        case = taken(desk)
        day = timezone.localdate() + dt.timedelta(days=days)
        answer = desk.approve(case, expires_on=day.isoformat())
        case.refresh_from_db()
        assert (answer.status_code, case.state) == (422, "in_review")
        assert answer.context["approve_form"].errors["expires_on"]

    def test_the_longest_day_is_possible(self, desk):
        case = taken(desk)
        day = timezone.localdate() + LONGEST_TERM - dt.timedelta(days=1)
        desk.approve(case, expires_on=day.isoformat())
        case.refresh_from_db()
        assert case.state == "approved"

    def test_assigns_nothing_that_the_form_does_not_offer(self, desk):
        case = taken(desk)
        desk.approve(
            case,
            state="revoked",
            reviewer=case.user_id,
            full_name="改名",
            expires_at="2099-01-01",
            user=desk.user.pk,
        )
        case.refresh_from_db()
        assert (case.state, case.reviewer, case.full_name) == ("approved", desk.user, "林一")
        assert case.expires_at < timezone.now() + LONGEST_TERM


class TestReject:
    def test_tells_the_reason_beside_the_field_it_concerns(self, desk):
        case = taken(desk)
        desk.reject(
            case,
            canned="licence_differs",
            words="请核对后两位。",
            note_institution="请写全称",
            note_department="  ",
        )
        case.refresh_from_db()
        assert (case.state, case.reviewer) == ("rejected", desk.user)
        with translation.override("zh-hans"):
            canned = translation.gettext(
                "The licence number you gave differs from the one on the credential."
            )
        assert case.reason == f"{canned}\n请核对后两位。"
        assert case.field_reasons == {"licence_number": canned, "institution": "请写全称"}

    def test_what_we_wrote_is_in_the_readers_language(self, desk):
        case = taken(desk, user=UserFactory(locale="en"))
        desk.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
        desk.reject(case, canned="unreadable")
        case.refresh_from_db()
        assert case.reason.startswith("The picture cannot be read.")

    def test_a_note_of_the_reviewer_replaces_the_canned_one_beside_the_field(self, desk):
        case = taken(desk)
        desk.reject(case, canned="licence_differs", note_licence_number="第 8 位")
        case.refresh_from_db()
        assert case.field_reasons == {"licence_number": "第 8 位"}

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"canned": ""}, "canned"),
            ({"canned": "invented"}, "canned"),
            ({"canned": "other"}, "words"),
            ({"canned": "other", "words": " \n "}, "words"),
            ({"words": "字" * 1001}, "words"),
            ({"note_institution": "字" * 201}, "note_institution"),
        ],
    )
    def test_needs_a_reason_within_bounds_and_keeps_what_was_written(self, desk, data, field):
        case = taken(desk)
        answer = desk.reject(case, note_department="科室写错了", **data)
        case.refresh_from_db()
        assert (answer.status_code, case.state) == (422, "in_review")
        assert field in answer.context["reject_form"].errors
        page = answer.content.decode()
        assert "科室写错了" in page
        assert "error-message" in page

    def test_words_of_the_reviewer_alone(self, desk):
        case = taken(desk)
        desk.reject(case, canned="other", words="证件属于他人。")
        case.refresh_from_db()
        assert (case.reason, case.field_reasons) == ("证件属于他人。", {})


class TestOneWinner:
    def test_pressing_twice_is_one_decision(self, desk):
        case = taken(desk)
        seen = last_event(case)
        desk.approve(case, seen=seen)
        again = desk.approve(case, seen=seen)
        assert decisions_of(case) == ["approved"]
        assert again["Location"] == reverse("gate_desk:case", args=[case.uuid])

    @pytest.mark.parametrize(("first", "then"), [("approve", "reject"), ("reject", "approve")])
    def test_in_two_windows_the_first_counts_and_the_second_is_told(self, desk, first, then):
        case = taken(desk)
        seen = last_event(case)
        getattr(desk, first)(case, seen=seen)
        refused = getattr(desk, then)(case, seen=seen)
        assert len(decisions_of(case)) == 1
        assert len(said(refused)) >= 1
        case.refresh_from_db()
        assert case.state == {"approve": "approved", "reject": "rejected"}[first]

    def test_two_reviewers_the_one_whose_case_it_is_decides(self, desk, sit_down):
        case = taken(desk)
        refused = sit_down().approve(case)
        assert decisions_of(case) == []
        assert "is working on this case" in said(refused)[0]
        desk.approve(case)
        assert decisions_of(case) == ["approved"]

    def test_a_case_that_changed_since_it_was_opened_is_shown_again_first(self, desk):
        case = taken(desk)
        seen = last_event(case)
        desk.post("release", case)
        desk.post("claim", case)
        refused = desk.approve(case, seen=seen)
        assert said(refused)[-1].startswith("This case has changed since you opened it.")
        assert decisions_of(case) == []

    @pytest.mark.parametrize("seen", ["", "x", "0", str(2**70)])
    def test_without_what_the_page_showed_nothing_is_decided(self, desk, seen):
        case = taken(desk)
        desk.approve(case, seen=seen)
        assert decisions_of(case) == []

    @pytest.mark.parametrize("act", ["approve", "reject"])
    def test_a_case_that_nobody_took_is_not_decided(self, desk, act):
        case = submitted()
        refused = getattr(desk, act)(case)
        assert decisions_of(case) == []
        assert said(refused) == ["Take this case before you decide it."]

    @pytest.mark.parametrize("state", ["approved", "rejected", "expired", "revoked"])
    @pytest.mark.parametrize("act", ["claim", "release", "approve", "reject"])
    def test_what_is_decided_stays(self, desk, state, act):
        case = verification_in(state)
        events = case.events.count()
        (getattr(desk, act, None) or (lambda case: desk.post(act, case)))(case)
        case.refresh_from_db()
        assert (case.state, case.events.count()) == (state, events)


class TestOwnCase:
    @pytest.mark.parametrize("act", ["claim", "release", "approve", "reject"])
    def test_is_not_decided_by_any_request(self, desk, act):
        case = submitted(desk.user)
        (getattr(desk, act, None) or (lambda case: desk.post(act, case)))(case)
        case.refresh_from_db()
        assert (case.state, case.reviewer) == ("submitted", None)

    def test_not_even_when_it_was_assigned_by_mistake(self, desk):
        case = submitted(desk.user)
        Verification.objects.filter(pk=case.pk).update(
            state="in_review", reviewer=desk.user, claimed_at=timezone.now()
        )
        desk.approve(case)
        desk.reject(case)
        case.refresh_from_db()
        assert case.state == "in_review"

    def test_says_why(self, desk):
        page = desk.case(submitted(desk.user)).content.decode()
        assert reverse("gate_desk:queue") in page
        assert page.count("desk-sheet") == 0

    def test_is_never_the_next_one(self, desk):
        submitted(desk.user)
        assert desk.post("next")["Location"] == reverse("gate_desk:queue")


class TestNext:
    def address(self, case):
        return reverse("gate_desk:case", args=[case.uuid])

    def test_is_the_longest_waiting_and_is_taken(self, desk):
        first, second = submitted(), submitted()
        here = taken(desk)
        assert desk.approve(here)["Location"] == self.address(first)
        first.refresh_from_db()
        assert first.reviewer == desk.user
        second.refresh_from_db()
        assert second.state == "submitted"

    def test_leaves_out_what_others_are_working_on(self, desk, sit_down):
        first, second = submitted(), submitted()
        sit_down().post("claim", first)
        assert desk.post("next")["Location"] == self.address(second)

    def test_takes_what_somebody_left_alone(self, desk, sit_down):
        left = taken(sit_down())
        Verification.objects.filter(pk=left.pk).update(claimed_at=timezone.now() - CLAIM_LASTS)
        assert desk.post("next")["Location"] == self.address(left)

    def test_passing_over_puts_back_and_does_not_come_straight_back(self, desk):
        first, second, third = submitted(), submitted(), submitted()
        desk.post("next")
        assert desk.post("next", after=first.uuid)["Location"] == self.address(second)
        first.refresh_from_db()
        assert first.state == "submitted"
        assert desk.post("next", after=second.uuid)["Location"] == self.address(third)
        assert desk.post("next", after=third.uuid)["Location"] == self.address(first)

    def test_looking_at_the_queue_starts_over(self, desk):
        first, second = submitted(), submitted()
        desk.post("next", after=first.uuid)
        desk.post("release", second)
        desk.queue()
        assert desk.post("next")["Location"] == self.address(first)

    @pytest.mark.parametrize("after", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_does_without_a_case_at_hand(self, desk, after):
        case = submitted()
        assert desk.post("next", after=after)["Location"] == self.address(case)

    def test_says_when_nobody_is_left(self, desk):
        case = taken(desk)
        answer = desk.approve(case)
        assert answer["Location"] == reverse("gate_desk:queue")
        assert said(answer) == ["林一 is approved.", "No other case is waiting."]


def test_each_act_is_an_event_of_the_reviewer(desk):
    case = taken(desk)
    desk.post("release", case)
    desk.post("claim", case)
    desk.reject(case)
    events = VerificationEvent.objects.filter(verification=case).order_by("pk")
    assert [(event.action, event.actor) for event in events] == [
        ("submitted", case.user),
        ("claimed", desk.user),
        ("released", desk.user),
        ("claimed", desk.user),
        ("rejected", desk.user),
    ]


def test_a_resubmission_shows_what_was_said_the_last_time(desk):
    user = UserFactory()
    old = looked(submitted(user), desk.user)
    desk.post("claim", old)
    desk.reject(old, canned="other", words="编号看不清", note_licence_number="请写完整")
    new = submit_verification(
        user=user,
        data={
            "full_name": "林一",
            "profession": "physician",
            "licence_number": "110110000000002",
            "institution": "示例医院",
            "department": "内科",
        },
        files=[],
    )
    page = desk.case(new).content.decode()
    assert "编号看不清" in page
    assert "请写完整" in page
    assert reverse("gate_desk:case", args=[old.uuid]) in page

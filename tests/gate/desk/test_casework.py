"""The desk's screens for casework: asking, handing over, confirming, notes, comparison and bulk claim."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gate import services
from gate.models import Verification
from tests.factories.gate import UserFactory, reviewer, submitted
from tests.gate.desk.conftest import last_event, names_in

pytestmark = pytest.mark.django_db


def test_asking_sends_the_case_away_and_shows_the_answer(desk):
    case = submitted()
    desk.post("claim", case)
    desk.post("ask", case, seen=last_event(case), question="请补充进修证明。")
    assert names_in(desk.queue()) == []
    assert names_in(desk.queue(state="needs_answer")) == [case.full_name]
    services.give_information(user=case.user, answer="进修证明在科室。")
    assert "进修证明在科室。" in desk.case(case).content.decode()


def test_an_empty_question_is_shown_again(desk):
    case = submitted()
    desk.post("claim", case)
    answer = desk.post("ask", case, seen=last_event(case), question=" ")
    assert (answer.status_code, "Write what you need to know." in answer.content.decode()) == (422, True)


def test_handing_over_puts_it_with_the_colleague(desk, sit_down):
    case, other = submitted(), sit_down()
    desk.post("claim", case)
    desk.post("hand_over", case, seen=last_event(case), to=other.user.pk, note="您熟悉这家医院。")
    assert names_in(other.queue(state="mine")) == [case.full_name]
    assert "您熟悉这家医院。" in other.case(case).content.decode()


def test_a_proposal_is_confirmed_by_another_from_the_case(desk, sit_down):
    case, _twin = submitted(licence_number="110110000000777"), submitted(licence_number="110110000000777")
    desk.post("claim", case)
    desk.approve(case)
    assert "/confirm/" not in desk.case(case).content.decode()
    other = sit_down()
    assert case.full_name in names_in(other.queue(state="second"))
    other.post("claim", case)
    assert "/confirm/" in other.case(case).content.decode()
    other.post("confirm", case, seen=last_event(case))
    case.refresh_from_db()
    assert (case.state, case.reviewer) == ("approved", other.user)


def test_the_comparison_shows_the_other_request_without_its_credential(desk):
    case = submitted(licence_number="110110000000777", institution="示例一院")
    other = submitted(licence_number="110110000000777", institution="示例二院")
    page = desk.case(case).content.decode()
    assert "示例二院" in page
    assert str(other.credentials.get().uuid) not in page
    assert names_in(desk.queue(duplicate="yes")) == [case.full_name, other.full_name]


class TestBulk:
    def test_takes_what_is_free_and_says_what_is_not(self, desk, sit_down):
        mine, taken, own = submitted(full_name="张一"), submitted(full_name="张二"), submitted(desk.user)
        sit_down().post("claim", taken)
        desk.client.post(reverse("gate_desk:claim_several"), {"case": [mine.uuid, taken.uuid, own.uuid, "x"]})
        assert list(Verification.objects.filter(reviewer=desk.user)) == [mine]
        own.refresh_from_db()
        assert own.state == "submitted"

    def test_never_decides(self, desk):
        case = submitted()
        for act in ("approve", "reject", "confirm"):
            desk.client.post(reverse("gate_desk:claim_several"), {"case": [case.uuid], "action": act})
        case.refresh_from_db()
        assert case.state == "in_review"

    def test_is_closed_to_those_who_review_nothing(self, sit_down):
        case = submitted()
        sit_down(UserFactory(is_staff=True, is_superuser=True)).client.post(
            reverse("gate_desk:claim_several"), {"case": [case.uuid]}
        )
        case.refresh_from_db()
        assert case.state == "submitted"


@pytest.mark.parametrize("act", ["ask", "hand_over", "note", "confirm"])
def test_nobody_works_on_their_own_case_by_raw_request(desk, act):
    case = submitted(desk.user)
    words = {"question": "？", "to": reviewer().pk, "note": "x", "text": "x"}
    desk.post(act, case, seen=last_event(case), **words)
    case.refresh_from_db()
    assert (case.state, case.events.count()) == ("submitted", 1)


def test_an_appeal_is_not_decided_by_who_rejected_it(desk):
    case = submitted()
    desk.post("claim", case)
    desk.reject(case)
    services.appeal(user=case.user, reason="证书是本人的。")
    desk.post("claim", case)
    desk.approve(case)
    case.refresh_from_db()
    assert (case.state, case.reviewer) == ("submitted", None)
    assert "证书是本人的。" in desk.case(case).content.decode()

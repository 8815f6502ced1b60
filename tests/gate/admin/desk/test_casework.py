"""The desk's screens for casework: asking, handing over, confirming, notes, comparison and bulk claim."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gate.models import Verification
from gate.verification.casework import add_note, request_information
from gate.verification.decisions import claim, reject
from gate.verification.replies import appeal, give_information
from tests.factories.gate import UserFactory, looked, permit, reviewer, submitted
from tests.gate.admin.desk.conftest import last_event, names_in

pytestmark = pytest.mark.django_db


def test_asking_sends_the_case_away_and_shows_the_answer(desk):
    case = submitted()
    desk.post("claim", case)
    desk.post("ask", case, seen=last_event(case), question="请补充进修证明。")
    assert names_in(desk.queue()) == []
    assert names_in(desk.queue(state="needs_answer")) == [case.full_name]
    give_information(user=case.user, answer="进修证明在科室。")
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


def test_where_no_colleague_can_take_it_the_sheet_says_so(sit_down):
    desk, case = sit_down(), submitted()
    desk.post("claim", case)
    answer = desk.case(case)
    assert not answer.context["hand_over_form"].has_colleagues
    assert 'name="to"' not in answer.content.decode()
    assert "No one else can take this case" in answer.content.decode()
    permit(UserFactory(), "gate.review_verification", "wagtailadmin.access_admin")
    answer = desk.case(case)
    assert 'name="to"' in answer.content.decode()
    assert "No one else can take this case" not in answer.content.decode()


class TestOwnRequest:
    """A reviewer who is an applicant too reads of it what every reader reads."""

    NOTE, QUESTION = "此人可能冒名，请核实。", "请补充进修证明。"

    def told(self, desk):
        """One's own request, with a note, a question, an answer and a rejection by colleagues."""
        other, case = reviewer(display_name="王复核"), submitted(desk.user, full_name="金丝雀")
        claim(case=case, reviewer=other)
        add_note(case=case, reviewer=other, text=self.NOTE)
        request_information(case=case, reviewer=other, question=self.QUESTION)
        give_information(user=desk.user, answer="已补。")
        reject(case=looked(case, other), reviewer=other, reason="看不清")
        return case

    def test_its_page_shows_the_state_and_nothing_that_colleagues_wrote(self, desk):
        case = self.told(desk)
        page = desk.case(case).content.decode()
        assert "rejected" in page
        assert "/gate/verification/" in page
        for hidden in (self.NOTE, self.QUESTION, "王复核", "看不清", "/note/"):
            assert hidden not in page
        assert self.NOTE in desk_of_another(desk).case(case).content.decode()

    @pytest.mark.parametrize(
        "query", [{}, {"state": "decided"}, {"state": "rejected"}, {"q": "金丝雀"}, {"duplicate": "yes"}]
    )
    def test_it_is_in_no_list_and_no_search(self, desk, query):
        self.told(desk)
        assert names_in(desk.queue(**query)) == []

    def test_no_other_page_shows_it_as_a_duplicate(self, desk):
        own = submitted(desk.user, full_name="金丝雀", licence_number="110110000000777")
        case = submitted(licence_number="110110000000777")
        page = desk.case(case).content.decode()
        assert "金丝雀" not in page
        assert str(own.uuid) not in page

    def test_it_is_in_none_of_the_figures(self, desk):
        self.told(desk)
        address = reverse("gate_desk:dashboard")
        mine = desk.client.get(address)
        assert mine.context["is_empty"]
        assert "王复核" not in mine.content.decode()
        assert "王复核" in desk_of_another(desk).client.get(address).content.decode()

    def test_the_audit_log_leaves_it_out(self, desk):
        case = self.told(desk)
        target = f"verification:{case.pk}"
        permit(desk.user, "gate.view_auditevent", "gate.export_auditevent")
        auditor = desk_of_another(desk)
        permit(auditor.user, "gate.view_auditevent")
        for query in ({}, {"q": target}, {"subject": desk.user.email}, {"export": "csv"}):
            answer = desk.client.get(reverse("gate_audit:log"), query)
            content = b"".join(answer) if answer.streaming else answer.content
            assert "王复核" not in content.decode(), query
        seen = auditor.client.get(reverse("gate_audit:log"), {"q": target}).content.decode()
        assert "王复核" in seen

    @pytest.mark.parametrize("act", ["ask", "hand_over", "note", "confirm", "claim", "approve", "reject"])
    def test_nothing_below_it_exists(self, desk, act):
        assert desk.post(act, self.told(desk)).status_code == 404


def desk_of_another(desk):
    """The same screens for a colleague."""
    client = type(desk.client)(headers={"accept-language": "en"})
    other = reviewer()
    client.force_login(other)
    return type(desk)(other, client)


def test_a_proposal_is_confirmed_by_another_from_the_case(desk, sit_down):
    case, _twin = submitted(licence_number="110110000000777"), submitted(licence_number="110110000000777")
    desk.post("claim", looked(case, desk.user))
    desk.approve(case)
    assert "/confirm/" not in desk.case(case).content.decode()
    other = sit_down()
    assert case.full_name in names_in(other.queue(state="second"))
    other.post("claim", looked(case, other.user))
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
        sit_down(UserFactory(is_superuser=True)).client.post(
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
    case = looked(submitted(), desk.user)
    desk.post("claim", case)
    desk.reject(case)
    appeal(user=case.user, reason="证书是本人的。")
    desk.post("claim", case)
    desk.approve(case)
    case.refresh_from_db()
    assert (case.state, case.reviewer) == ("submitted", None)
    assert "证书是本人的。" in desk.case(case).content.decode()

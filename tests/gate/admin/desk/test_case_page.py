"""The page of one case: what is offered to whom, the checks, the history, without JavaScript too."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gate.models import Verification
from gate.people import grants
from gate.people.reviewing import CLAIM_LASTS
from tests.factories.gate import (
    UserFactory,
    gated_zone,
    looked,
    permit,
    reject,
    reviewer,
    submitted,
    verification_in,
)
from tests.gate.admin.desk.conftest import look_of

pytestmark = pytest.mark.django_db


def forms_of(answer):
    """The addresses that the page can post to without JavaScript, less the admin's own."""
    found = re.findall(r'<form action="([^"]+)"\s+method="post"', answer.content.decode())
    return {address.rstrip("/").rpartition("/")[2] for address in found}


def test_a_free_case_can_be_taken_shown_and_passed_over(desk):
    assert forms_of(desk.case(submitted())) == {"claim", "reveal", "note", "next"}


def test_ones_own_claim_can_be_decided_and_put_back(desk):
    case = looked(submitted(), desk.user)
    desk.post("claim", case)
    assert forms_of(desk.case(case)) == {
        "reveal",
        "approve",
        "reject",
        "ask",
        "hand-over",
        "note",
        "release",
        "next",
    }


def test_anothers_claim_says_whose_and_offers_nothing(desk, sit_down):
    case = submitted()
    other = sit_down(reviewer(display_name="王复核"))
    other.post("claim", case)
    answer = desk.case(case)
    assert forms_of(answer) == {"note", "next"}
    assert "王复核 is working on this case until" in answer.content.decode()


def test_a_claim_that_was_left_alone_can_be_taken_over(desk, sit_down):
    case = submitted()
    sit_down().post("claim", case)
    Verification.objects.filter(pk=case.pk).update(claimed_at=timezone.now() - CLAIM_LASTS)
    answer = desk.case(case)
    assert forms_of(answer) == {"claim", "reveal", "note", "next"}
    assert "desk-flag--plain" not in answer.content.decode()
    assert "desk-flag--plain" not in desk.queue().content.decode()


def test_ones_own_claim_says_when_its_time_ended(desk):
    case = looked(submitted(), desk.user)
    desk.post("claim", case)
    assert "Yours until" in desk.case(case).content.decode()
    Verification.objects.filter(pk=case.pk).update(claimed_at=timezone.now() - CLAIM_LASTS)
    answer = desk.case(case)
    assert "Your time ended at" in answer.content.decode()
    assert "approve" in forms_of(answer)


@pytest.mark.parametrize("state", ["approved", "rejected", "expired", "revoked"])
def test_a_decided_case_is_for_reading(desk, state):
    doors = {"note", "next"} | ({"revoke"} if state == "approved" else set())
    assert forms_of(desk.case(verification_in(state))) == doors


def test_drafts_and_unknown_cases_do_not_exist(desk):
    assert desk.case(verification_in("draft")).status_code == 404
    assert desk.client.get("/admin/review/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert desk.client.get("/admin/review/1/").status_code == 404


def test_the_form_shows_each_field_and_the_checks_beside_them(desk):
    case = submitted(licence_number="110110000004711", institution="示例医院")
    page = desk.case(case).content.decode()
    for stated in ("林一", "110110000004711", "示例医院", "消化内科", "主治医师", case.user.email):
        assert stated in page
    assert "Looks like a number of this profession" in page
    assert "No other account uses this number" in page
    assert "The first applicant from this institution" in page


def test_a_name_that_differs_from_the_accounts_is_pointed_out(desk):
    case = submitted(UserFactory(display_name="林二"), full_name="林一")
    assert "The account goes by 林二" in desk.case(case).content.decode()


def test_people_approved_from_the_same_institution_are_counted_once_the_others(desk):
    verification_in("approved", institution="示例医院")
    verification_in("rejected", institution="示例医院")
    page = desk.case(submitted(institution="示例医院")).content.decode()
    assert "1 approved person named the same institution" in page


def test_a_duplicate_is_linked_where_the_reviewer_may_open_it(desk):
    other = submitted(full_name="赵二", licence_number="110110000004711")
    page = desk.case(submitted(licence_number="110110000004711")).content.decode()
    assert "Also on the account of 赵二" in page
    assert reverse("gate_desk:case", args=[other.uuid]) in page


def test_a_duplicate_in_a_zone_of_others_is_said_without_naming_anybody(sit_down):
    mine, theirs = gated_zone("verification"), gated_zone("verification")
    user = permit(UserFactory(), "wagtailadmin.access_admin")
    grants.grant(user=user, zone_id=mine.pk, right="review", reason="审核", by=None)
    other = submitted(full_name="赵二", licence_number="110110000004711", zone=theirs)
    page = sit_down(user).case(submitted(licence_number="110110000004711", zone=mine)).content.decode()
    assert "Also on an account in a zone that you do not review" in page
    assert "赵二" not in page
    assert str(other.uuid) not in page


def test_history_names_decisions_and_looks(desk):
    case = submitted()
    desk.look(case, look_of(desk.reveal(case)))
    desk.reject(case, canned="other", words="编号看不清")
    page = desk.case(case).content.decode()
    for entry in (
        "Request submitted",
        "Taken for review",
        "Looked at a credential",
        "Rejected",
        "编号看不清",
    ):
        assert entry in page


def test_what_people_typed_is_text(desk):
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    case = submitted(
        UserFactory(display_name=hostile[:100]),
        full_name=hostile[:60],
        institution=hostile,
        department=hostile[:60],
    )
    for answer in (desk.case(case), desk.queue()):
        page = answer.content.decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


def test_the_page_has_no_inline_script_or_style_of_its_own(desk):
    page = desk.case(submitted()).content.decode()
    own = page[page.index('<div class="desk-case">') :]
    assert "<script>" not in own
    assert "<style" not in own
    assert not re.search(r"\s(style|on\w+)=", own)


def test_a_long_history_costs_as_many_queries_as_a_short_one(desk):
    def cost(case):
        with CaptureQueriesContext(connection) as queries:
            assert desk.case(case).status_code == 200
        return len(queries)

    def rejected_times(number):
        user = UserFactory()
        for _time in range(number):
            case = submitted(user)
            desk.reveal(case)
            reject(case=case, reviewer=desk.user, reason="看不清")
        for _other in range(number):
            submitted(licence_number="110110000000777")
        return submitted(user, licence_number="110110000000777")

    desk.case(submitted())  # content types, site
    short = rejected_times(1)
    few = cost(short)
    assert cost(rejected_times(6)) == few


def change_of(institution):
    approved = verification_in("approved")
    names = ("full_name", "profession", "licence_number", "department", "professional_title")
    stated = {name: getattr(approved, name) for name in names}
    return submitted(approved.user, institution=institution, **stated)


def test_a_change_shows_the_differences_from_what_is_recognised(desk):
    change = change_of("第二示例医院")
    answer = desk.case(change)
    before = {line.label: line.before for line in answer.context["lines"] if line.before is not None}
    assert before == {"institution": "示例医院"}
    assert "示例医院" in answer.content.decode()
    assert "change" in [flag.text for flag in answer.context["flags"]]
    assert "change" in desk.queue().content.decode()
    assert all(line.before is None for line in desk.case(submitted()).context["lines"])


def test_a_change_costs_the_queue_no_query_each(desk):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.queue().status_code == 200
        return len(queries)

    change_of("第二示例医院")
    desk.queue()  # content types, site
    few = cost()
    for number in range(3):
        change_of(f"第{number}医院")
    assert cost() == few

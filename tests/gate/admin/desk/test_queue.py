"""The queue: order, flags, filters, search, and that its cost does not grow with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gate.admin.desk.menu import review_desk_menu_item
from gate.models import Notice, Verification
from gate.verification.replies import appeal
from gate.verification.reviewer_mails import waiting_facts
from tests.factories.gate import UserFactory, approve, reject, reviewer, submitted, verification_in
from tests.gate.admin.desk.conftest import names_in

pytestmark = pytest.mark.django_db


def waiting(name, **ago):
    """A case of `name`, submitted so long ago."""
    case = submitted(full_name=name, licence_number=f"1101100000{Verification.objects.count():05}")
    Verification.objects.filter(pk=case.pk).update(submitted_at=timezone.now() - timedelta(**ago))
    case.refresh_from_db()
    return case


def test_the_longest_waiting_comes_first_and_is_marked(desk):
    waiting("今天", hours=3)
    waiting("很久", days=4)
    waiting("昨天", days=1, hours=1)
    answer = desk.queue()
    assert names_in(answer) == ["很久", "昨天", "今天"]
    page = answer.content.decode()
    assert page.index("desk-row--overdue") < page.index("desk-row--long") < page.index("desk-row--fresh")
    assert "desk-waiting--overdue" in page


def test_only_open_cases_unless_asked(desk):
    submitted(full_name="等着")
    verification_in("in_review", full_name="审着")
    verification_in("rejected", full_name="退了")
    verification_in("approved", full_name="过了")
    verification_in("draft", full_name="草稿")
    assert set(names_in(desk.queue())) == {"等着", "审着"}
    assert set(names_in(desk.queue(state="decided"))) == {"退了", "过了"}
    assert names_in(desk.queue(state="rejected")) == ["退了"]
    assert names_in(desk.queue(state="mine")) == []


def test_badge_queue_and_mail_count_the_same(desk):
    """What waits for this reviewer: not their own, not what they decided before, not what is over."""
    submitted(full_name="等着")
    verification_in("in_review", full_name="别人审着")
    verification_in("needs_answer", full_name="问着")
    verification_in("rejected", full_name="退了")
    submitted(desk.user, full_name="自己")
    submitted(full_name="甲", licence_number="110110000000777")
    twin = submitted(full_name="乙", licence_number="110110000000777")
    approve(case=twin, reviewer=desk.user)  # a proposal, for another one
    appealed = reject(case=submitted(full_name="申诉"), reviewer=desk.user, reason="看不清")
    appeal(user=appealed.user, reason="请复核。")
    request = RequestFactory().get("/admin/")
    request.user = desk.user
    badge = review_desk_menu_item().render_component(request).attrs["data-review-waiting"]
    answer = desk.queue()
    assert set(names_in(answer)) == {"等着", "别人审着", "甲"}
    assert (
        badge
        == str(answer.context["items_count"])
        == str(waiting_facts(Notice(user=desk.user))["waiting"])
        == "3"
    )
    assert "<strong>3</strong> cases wait" in answer.content.decode()


def test_filters_by_profession_waiting_time_and_resubmission(desk):
    waiting("护士", days=2)
    Verification.objects.filter(full_name="护士").update(profession="nurse")
    waiting("医师", hours=1)
    again = UserFactory()
    reject(case=submitted(again, full_name="再来"), reviewer=reviewer(), reason="看不清")
    submitted(again, full_name="再来")
    assert names_in(desk.queue(profession="nurse")) == ["护士"]
    assert names_in(desk.queue(waiting="long")) == ["护士"]
    assert names_in(desk.queue(waiting="overdue")) == []
    assert names_in(desk.queue(resubmitted="yes")) == ["再来"]
    assert set(names_in(desk.queue(resubmitted="no"))) == {"护士", "医师"}


def test_a_number_on_two_accounts_is_a_possible_duplicate(desk):
    submitted(full_name="甲", licence_number="110110000000007")
    submitted(full_name="乙", licence_number="110110000000007")
    submitted(full_name="丙", licence_number="110110000000008")
    submitted(full_name="丁", profession="student", licence_number="")
    submitted(full_name="戊", profession="student", licence_number="")
    answer = desk.queue(duplicate="yes")
    assert set(names_in(answer)) == {"甲", "乙"}
    assert answer.content.decode().count("desk-flag--warning") == 2


def test_the_same_person_again_is_no_duplicate(desk):
    user = UserFactory()
    reject(case=submitted(user), reviewer=reviewer(), reason="看不清")
    submitted(user)
    assert names_in(desk.queue(duplicate="yes")) == []


def test_search_takes_a_part_of_a_name_or_the_end_of_a_number(desk):
    submitted(full_name="欧阳一", licence_number="110110000004711")
    submitted(full_name="司马二", licence_number="110110000000002")
    assert names_in(desk.queue(q="阳")) == ["欧阳一"]
    assert names_in(desk.queue(q="4711")) == ["欧阳一"]
    assert names_in(desk.queue(q="1101100000")) == []
    assert names_in(desk.queue(q="11")) == [], "two digits are no suffix worth looking for"


def test_shows_the_end_of_a_number_only_and_no_credential(desk):
    case = submitted(licence_number="110110000004711")
    page = desk.queue().content.decode()
    assert "…4711" in page
    assert "110110000004711" not in page
    assert str(case.credentials.get().uuid) not in page
    assert case.user.email not in page


def test_pages_of_twenty(desk):
    for _ in range(21):
        submitted()
    assert len(names_in(desk.queue())) == 20
    assert len(names_in(desk.queue(p="2"))) == 1


def test_empty_states_say_what_to_do(desk):
    assert "?state=decided" in desk.queue().content.decode()
    submitted()
    nothing = desk.queue(q="没有这个人").content.decode()
    assert "desk-empty" in nothing
    assert "?state=decided" not in nothing


def test_one_row_costs_as_many_queries_as_twenty(desk):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.queue().status_code == 200
        return len(queries)

    verification_in("in_review")
    desk.queue()  # content types, site
    one = cost()
    for _ in range(19):
        verification_in("in_review")
    assert len(names_in(desk.queue())) == 20
    assert cost() == one

"""Waiting times, decisions and rejection reasons: what counts, in which period, for whose zones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from gate.admin.desk.figures import Scope, decided_waits, decisions, open_waits
from gate.admin.desk.reasons import CANNED_REASONS, REASON_BY_CODE
from gate.admin.desk.rejections import rejections
from gate.models import User, Verification
from gate.verification.replies import appeal
from tests.factories.cms import ZonePageFactory
from tests.factories.gate import UserFactory, approve, reject, reviewer, submitted
from tests.gate.admin.desk.records import decided, event, request_of

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def week(*zones):
    return Scope(frozenset(zone.pk for zone in zones) if zones else None, 7)


def hours_of(waits):
    return [time / HOUR for time in waits.times]


class TestPeriod:
    def test_ends_with_today_and_begins_at_midnight_here(self):
        scope = Scope(None, 7, today=date(2026, 3, 10))
        assert [scope.dates[0].day, scope.dates[-1].day, len(scope.dates)] == [4, 10, 7]
        assert scope.since == datetime(2026, 3, 4, tzinfo=SHANGHAI)
        assert scope.before == datetime(2026, 3, 11, tzinfo=SHANGHAI)

    def test_its_first_and_last_moments_belong_to_it_and_their_neighbours_do_not(self):
        scope, who = week(), UserFactory()
        moment = timedelta(microseconds=1)
        for at, after in [
            (scope.since - moment, HOUR),
            (scope.since, 2 * HOUR),
            (scope.before - moment, 3 * HOUR),
            (scope.before, 4 * HOUR),
        ]:
            decided("approved", who, at=at, after=after)
        assert hours_of(decided_waits(scope)) == [2, 3]
        assert decisions(scope).total.approved == 2
        assert [row.tally.approved for row in decisions(scope).days] == [1, 0, 0, 0, 0, 0, 1]


class TestWaits:
    def test_run_from_submission_to_decision_and_ascend(self):
        who = UserFactory()
        for number in (5, 1, 1, 3):
            decided("rejected" if number == 3 else "approved", who, after=number * HOUR)
        waits = decided_waits(week())
        assert hours_of(waits) == [1, 1, 3, 5]
        assert waits.p50 == 2 * HOUR

    def test_leave_out_what_is_undecided(self):
        request_of(submitted_at=timezone.now() - HOUR)
        assert decided_waits(week()).count == 0

    def test_leave_out_the_time_that_the_case_waited_for_the_person(self):
        now = timezone.now()
        decided("approved", UserFactory(), at=now, after=9 * HOUR, requeued_at=now - 2 * HOUR)
        request_of(submitted_at=now - 9 * HOUR, requeued_at=now - 4 * HOUR)
        assert hours_of(decided_waits(week())) == [2]
        assert hours_of(open_waits(week(), now=now)) == [4]

    def test_a_clock_that_was_set_back_makes_no_negative_wait(self):
        decided("approved", UserFactory(), after=-HOUR)
        assert hours_of(decided_waits(week())) == [0]

    def test_open_are_those_that_wait_for_us_however_long_ago_they_came(self):
        now = timezone.now()
        request_of(submitted_at=now - timedelta(days=200))
        request_of(submitted_at=now - HOUR, state="in_review")
        for state in ("needs_answer", "draft", "approved", "rejected", "expired", "revoked"):
            request_of(submitted_at=now - 2 * HOUR, state=state)
        assert hours_of(open_waits(week(), now=now)) == [1, 200 * 24]

    def test_open_are_not_those_who_asked_to_be_erased(self):
        case = request_of(submitted_at=timezone.now() - HOUR)
        User.objects.filter(pk=case.user_id).update(erasure_due_at=timezone.now() + timedelta(days=9))
        assert open_waits(week(), now=timezone.now()).count == 0

    def test_are_of_the_given_zones(self):
        one, other = ZonePageFactory(), ZonePageFactory()
        who, now = UserFactory(), timezone.now()
        for number, zone in enumerate((one, other, None), start=1):
            decided("approved", who, zone=zone, after=number * HOUR)
            request_of(zone=zone, submitted_at=now - 10 * number * HOUR)
        assert hours_of(decided_waits(week(one))) == [1]
        assert hours_of(open_waits(week(one), now=now)) == [10]
        assert hours_of(decided_waits(week(one, other))) == [1, 2]
        assert hours_of(decided_waits(week())) == [1, 2, 3]
        assert hours_of(open_waits(week(), now=now)) == [10, 20, 30]


class TestDecisions:
    def test_are_counted_per_reviewer_the_busiest_first(self):
        one, other = UserFactory(display_name="审核甲"), UserFactory(display_name="审核乙")
        decided("approved", one)
        for state in ("approved", "rejected", "rejected"):
            decided(state, other)
        made = decisions(week())
        assert [(row.name, row.tally.approved, row.tally.rejected) for row in made.reviewers] == [
            ("审核乙", 1, 2),
            ("审核甲", 1, 0),
        ]
        assert (made.total.approved, made.total.rejected, made.total.decided) == (2, 2, 4)

    def test_are_counted_per_day_of_this_time_zone_by_whom(self):
        one, other = UserFactory(display_name="审核甲"), UserFactory(display_name="审核乙")
        scope = week()
        first = datetime.combine(scope.dates[2], datetime.min.time(), tzinfo=SHANGHAI)
        # Half past midnight here is still yesterday in UTC.
        decided("approved", one, at=first + timedelta(minutes=30))
        decided("rejected", other, at=first + timedelta(hours=23, minutes=30))
        decided("approved", other, at=first + timedelta(hours=12))
        decided("approved", one, at=first + timedelta(hours=24))
        made = decisions(scope)
        counts = [(row.tally.approved, row.tally.rejected) for row in made.days]
        assert counts == [(0, 0), (0, 0), (2, 1), (1, 0), (0, 0), (0, 0), (0, 0)]
        assert made.days[2].by == (("审核乙", 2), ("审核甲", 1))
        assert made.days[0].by == ()

    def test_one_that_an_appeal_lifted_counts_for_whoever_made_it(self, settings):
        settings.XINGLIN_SECOND_REVIEW_PERCENT = 0
        first, second = reviewer(display_name="审核甲"), reviewer(display_name="审核乙")
        user = UserFactory()
        reject(case=submitted(user), reviewer=first, reason="照片不清晰。")
        case = appeal(user=user, reason="照片是清晰的。")
        approve(case=case, reviewer=second)
        made = {row.name: (row.tally.approved, row.tally.rejected) for row in decisions(week()).reviewers}
        assert made == {"审核甲": (0, 1), "审核乙": (1, 0)}
        assert decided_waits(week()).count == 1
        assert rejections(week()).total == 0

    def test_a_proposal_is_no_decision_but_is_not_lost(self):
        first, second = UserFactory(display_name="初审"), UserFactory(display_name="复审")
        case = decided("approved", second)
        event(case, "proposed", first, at=timezone.now())
        made = decisions(week())
        assert made.total.decided == 1
        assert [(row.name, row.tally.decided, row.tally.proposed) for row in made.reviewers] == [
            ("复审", 1, 0),
            ("初审", 0, 1),
        ]
        assert made.days[-1].by == (("复审", 1),)

    def test_other_acts_on_a_case_are_none(self):
        who = UserFactory()
        case = request_of(submitted_at=timezone.now())
        for action in ("claimed", "released", "noted", "revoked", "expired"):
            event(case, action, who, at=timezone.now())
        assert decisions(week()).reviewers == ()

    def test_are_of_the_given_zones(self):
        one, other, who = ZonePageFactory(), ZonePageFactory(), UserFactory()
        for zone in (one, other, other, None):
            decided("approved", who, zone=zone)
        assert [decisions(week(*zones)).total.approved for zones in ((one,), (other,), ())] == [1, 2, 4]


class TestRejections:
    def label(self, code):
        return str(REASON_BY_CODE[code].text)

    def reject(self, code=None, *, language="zh-hans", words="", notes=None, **fields):
        """As the desk's form fills it in."""
        canned = REASON_BY_CODE.get(code)
        with translation.override(language):
            text = str(canned.text) if canned else ""
        reason = "\n".join(part for part in (text, words) if part)
        beside = ({canned.field: text} if canned else {}) | (notes or {})
        return decided("rejected", UserFactory(), reason=reason, field_reasons=beside, **fields)

    def test_canned_reasons_are_counted_in_whatever_language_they_were_sent(self):
        self.reject("unreadable")
        self.reject("unreadable", language="en")
        self.reject("name_differs", words="请核对姓名中的生僻字。")
        found = rejections(week())
        assert found.total == 3
        assert dict(found.reasons) == {self.label("unreadable"): 2, self.label("name_differs"): 1}
        assert found.reasons[0][1] == 2
        assert sorted(number for _label, number in found.fields) == [1, 2]

    @pytest.mark.parametrize("code", [reason.code for reason in CANNED_REASONS])
    def test_every_canned_reason_is_known_again(self, code):
        self.reject(code)
        assert rejections(week()).reasons == ((self.label(code), 1),)

    def test_words_of_one_s_own_count_as_other_once_and_are_not_repeated(self):
        self.reject(words="证件编号与林某某的相同。", notes={"licence_number": "重复", "full_name": "重复"})
        with translation.override("en"):
            found = rejections(week())
        assert found.reasons == (("In the reviewer's own words", 1),)
        assert sorted(found.fields) == [("licence number", 1), ("name on the licence", 1)]

    def test_a_canned_reason_with_a_note_beside_another_field_is_both(self):
        self.reject("unreadable", notes={"licence_number": "少了一位"})
        with translation.override("en"):
            assert dict(rejections(week()).reasons) == {
                self.label("unreadable"): 1,
                "In the reviewer's own words": 1,
            }

    def test_what_was_erased_with_the_account_is_said_to_be(self):
        case = self.reject("unreadable")
        Verification.objects.filter(pk=case.pk).update(reason="", field_reasons={})
        with translation.override("en"):
            assert rejections(week()).reasons == (("Erased with the account", 1),)

    def test_are_of_the_period_and_the_zones_and_not_of_other_decisions(self):
        one, other = ZonePageFactory(), ZonePageFactory()
        self.reject("unreadable", zone=one)
        self.reject("name_differs", zone=other)
        self.reject("name_differs", zone=one, at=timezone.now() - timedelta(days=8))
        decided("approved", UserFactory(), zone=one)
        found = rejections(week(one))
        assert (found.total, found.reasons) == (1, ((self.label("unreadable"), 1),))

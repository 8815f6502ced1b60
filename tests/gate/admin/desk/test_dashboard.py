"""The screen of figures: its viewers, zones and texts, and a cost that does not grow."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from gate.admin.desk.day_chart import HEIGHT, day_chart
from gate.admin.desk.figures import DayTally, Tally
from gate.people import grants
from tests.factories.gate import UserFactory, admitted_reader, gated_zone, permit
from tests.gate.admin.desk.records import decided, request_of
from tests.gate.admin.desk.test_door import WITHOUT_THE_RIGHT, zone_reviewer

pytestmark = pytest.mark.django_db


def dashboard(desk, **query):
    return desk.client.get(reverse("gate_desk:dashboard"), query)


def said(answer):
    """The words of the page's own part, without tags and runs of blanks."""
    body = answer.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


class TestDoor:
    @pytest.mark.parametrize("who", WITHOUT_THE_RIGHT)
    def test_staff_without_the_review_right_are_turned_away(self, who, sit_down):
        answer = dashboard(sit_down(WITHOUT_THE_RIGHT[who]()))
        assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home"))

    def test_readers_and_strangers_are_sent_to_the_sign_in_page(self, sit_down):
        for client in (Client(), sit_down(UserFactory()).client):
            answer = client.get(reverse("gate_desk:dashboard"))
            assert answer["Location"].startswith(reverse("wagtailadmin_login"))

    def test_it_only_shows(self, desk):
        assert desk.client.post(reverse("gate_desk:dashboard")).status_code == 405

    def test_is_not_cached(self, desk):
        assert {"no-store", "private"} <= set(re.split(r",\s*", dashboard(desk)["Cache-Control"]))

    def test_the_queue_leads_there_and_it_leads_back(self, desk):
        assert f'href="{reverse("gate_desk:dashboard")}"' in desk.queue().content.decode()
        assert f'href="{reverse("gate_desk:queue")}"' in dashboard(desk).content.decode()


class TestZones:
    @pytest.fixture
    def two(self):
        """A zone with one approval, a waiting case and an admitted reader; another with two of the other."""
        mine, other = gated_zone("agreement", title="本区"), gated_zone("agreement", title="他区")
        decided("approved", UserFactory(display_name="本区审核员"), zone=mine)
        request_of(zone=mine, submitted_at=timezone.now())
        for _ in range(2):
            decided("rejected", UserFactory(display_name="他区审核员"), zone=other, after=timedelta(days=2))
            request_of(zone=other, submitted_at=timezone.now() - timedelta(days=5))
        return mine, other

    def test_a_reviewer_of_one_zone_gets_that_zone_s_figures_only(self, sit_down, two):
        answer = dashboard(sit_down(zone_reviewer(two[0])))
        context, text = answer.context, said(answer)
        assert (context["decisions"].total.approved, context["decisions"].total.rejected) == (1, 0)
        assert (context["decided"].count, context["overdue"], context["rejections"].total) == (1, 0, 0)
        assert "本区审核员" in text
        assert "他区" not in text
        assert "1 decision: 1 approved, 0 rejected." in text

    def test_what_came_in_without_a_zone_is_for_those_who_review_everywhere(self, desk, sit_down, two):
        decided("approved", UserFactory())
        assert dashboard(desk).context["decisions"].total.approved == 2
        assert dashboard(sit_down(zone_reviewer(two[0]))).context["decisions"].total.approved == 1

    def test_one_of_them_can_be_chosen(self, desk, two):
        text = said(dashboard(desk, zone=two[1].pk))
        assert "2 decisions: 0 approved, 2 rejected." in text
        assert "本区审核员" not in text

    def test_somebody_else_s_cannot(self, sit_down, two):
        answer = dashboard(sit_down(zone_reviewer(two[0])), zone=two[1].pk)
        assert answer.context["decisions"].total.rejected == 0
        assert "他区" not in said(answer)

    def test_a_right_that_has_ended_opens_nothing_more(self, sit_down, two):
        user = zone_reviewer(two[0])
        grants.grant(
            user=user,
            zone_id=two[1].pk,
            right="review",
            reason="代班",
            by=None,
            expires_at=timezone.now() - timedelta(seconds=1),
        )
        assert dashboard(sit_down(user)).context["decisions"].total.rejected == 0

    def test_the_right_to_another_thing_in_a_zone_gives_none_of_its_figures(self, sit_down, two):
        user = zone_reviewer(two[0])
        grants.grant(user=user, zone_id=two[1].pk, right="manage_gate", reason="配置", by=None)
        assert dashboard(sit_down(user)).context["decisions"].total.rejected == 0


class TestPeriod:
    @pytest.fixture
    def long_ago(self, db):
        for days in (3, 20, 60, 200):
            decided("approved", UserFactory(), at=timezone.now() - timedelta(days=days))

    @pytest.mark.parametrize(("days", "number"), [(7, 1), (30, 2), (90, 3)])
    def test_can_be_chosen(self, desk, long_ago, days, number):
        answer = dashboard(desk, days=days)
        assert answer.context["decisions"].total.approved == number
        assert f'<option value="{days}" selected>' in answer.content.decode()

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"days": "0"},
            {"days": "x"},
            {"days": ""},
            {"days": "99999999999"},
            {"zone": "x"},
            {"zone": "\x00"},
        ],
    )
    def test_what_makes_no_sense_is_the_usual(self, desk, long_ago, query):
        answer = dashboard(desk, **query)
        assert answer.status_code == 200
        assert answer.context["decisions"].total.approved == 2


class TestScreen:
    def test_says_how_long_people_wait(self, desk):
        for hours in (1, 2, 3, 4, 30):
            decided("approved", desk.user, after=timedelta(hours=hours))
        request_of(submitted_at=timezone.now() - timedelta(days=4, hours=2))
        text = said(dashboard(desk))
        assert "Decided in the period 5 requests 3 hours 19 hours 1 day 1 day 6 hours" in text
        assert "Waiting now 1 request 4 days 2 hours" in text
        assert "1 request has waited longer than three days." in text
        assert "under 1 hour 0 0% 1 to 4 hours 3 60% 4 hours to 1 day 1 20% 1 to 3 days 1 20%" in text

    def test_shows_the_funnel_of_each_zone_and_names_the_quiet_ones(self, desk):
        busy = gated_zone("agreement", audience="registered", title="忙区")
        gated_zone("agreement", title="静区")
        admitted_reader(busy)
        text = said(dashboard(desk))
        assert "忙区 Step Share Number of readers Agreed to the identity agreement 1 Admitted 1" in text
        assert "No reader took a step in this period in: 静区" in text

    def test_says_so_where_nothing_happened_and_offers_a_longer_period(self, desk):
        answer = dashboard(desk, days=7)
        assert "Nothing happened here yet" in said(answer)
        assert 'href="?days=30"' in answer.content.decode()
        assert "Show the last" not in said(dashboard(desk, days=90))

    def test_parts_without_figures_say_so_beside_those_that_have_some(self, desk):
        request_of(submitted_at=timezone.now())
        text = said(dashboard(desk))
        for sentence in ("Nothing was decided", "Nothing was rejected", "No reader took a step"):
            assert f"{sentence} in this period." in text

    def test_repeats_neither_names_of_readers_nor_words_of_reviewers(self, desk):
        decided(
            "rejected",
            desk.user,
            full_name="隐名甲",
            reason="他的证件像是别人的。",
            field_reasons={"full_name": "与林某重名"},
        )
        page = dashboard(desk).content.decode()
        for secret in ("隐名甲", "他的证件像是别人的", "与林某重名"):
            assert secret not in page

    def test_names_of_reviewers_are_text(self, desk):
        decided("approved", UserFactory(display_name="<b>甲</b>"))
        page = dashboard(desk).content.decode()
        assert "<b>甲</b>" not in page
        assert "&lt;b&gt;甲&lt;/b&gt;" in page

    def test_needs_no_inline_style_or_script(self, desk):
        decided("approved", desk.user)
        page = dashboard(desk).content.decode()
        own = page[page.index("desk-figures-filter") : page.index("</main>")]
        assert not re.search(r"\sstyle=|<script|\son\w+=", own)

    def test_thousands_do_not_break_the_picture(self, desk, settings):
        settings.USE_THOUSAND_SEPARATOR = True
        days = [DayTally(timezone.localdate(), Tally(approved=1234, rejected=1), (("甲", 1235),))]
        chart = day_chart(days * 200)
        with translation.override("en"):
            assert 'viewBox="0 0 1998 100"' in chart.render_html()


class TestDayChart:
    def tallies(self, *pairs):
        today = timezone.localdate()
        return [DayTally(today, Tally(approved=one, rejected=two), ()) for one, two in pairs]

    def test_without_a_decision_there_is_none(self):
        assert day_chart(self.tallies((0, 0), (0, 0))) is None
        assert day_chart([]) is None

    def test_the_busiest_day_fills_the_height_and_others_their_share(self):
        columns = day_chart(self.tallies((6, 2), (4, 0), (0, 0))).columns
        assert [(column.approved, column.rejected) for column in columns] == [(75, 25), (50, 0), (0, 0)]
        assert (columns[0].approved_y, columns[0].rejected_y) == (25, 0)

    def test_one_decision_beside_a_thousand_is_seen_and_nothing_leaves_the_picture(self):
        for column in day_chart(self.tallies((999, 1), (1, 999), (1, 0), (0, 1))).columns:
            assert (column.approved > 0, column.rejected > 0) == (
                column.row.tally.approved > 0,
                column.row.tally.rejected > 0,
            )
            assert 0 <= column.rejected_y <= column.approved_y <= HEIGHT

    def test_the_table_lists_the_days_with_decisions(self):
        chart = day_chart(self.tallies((1, 0), (0, 0), (0, 2)))
        assert [row.tally.decided for row in chart.rows] == [2, 1]


def test_costs_the_same_for_one_of_each_and_for_many(desk, sit_down):
    def add(zones):
        for _ in range(zones):
            zone = gated_zone("agreement", "verification")
            who = UserFactory()
            for number in range(3):
                decided("approved", who, zone=zone, at=timezone.now() - timedelta(days=number))
                decided("rejected", who, zone=zone)
                request_of(zone=zone, submitted_at=timezone.now())
            grants.grant(user=limited, zone_id=zone.pk, right="review", reason="审核", by=None)

    def cost(who):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert dashboard(who).status_code == 200
        return len(captured)

    limited = permit(UserFactory(), "wagtailadmin.access_admin")
    add(1)
    desks = [desk, sit_down(limited)]
    for one in desks:
        cost(one)  # caches of sites, content types and the like
    before = [cost(one) for one in desks]
    add(4)
    assert [cost(one) for one in desks] == before

"""Answers for staff: who sees them, what the charts count, and exports that nothing computes."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from cms.spreadsheets import safe
from gate.admin.charts import bar_chart
from gate.admin.results.summaries import date_ranges, number_ranges, summaries
from gate.models import AnswerSet, AuditEvent, Question
from gate.people.grants import Right, grant
from gate.questions.publish import publish_questionnaire
from gate.questions.results.selection import Selection, questions_of
from tests.factories.gate import UserFactory, add_step, gated_zone, permit, questionnaire_version

QUESTIONS = [
    {"text": "科室类型", "kind": "single", "choices": "内科\n外科"},
    {"text": "方向", "kind": "multiple", "choices": "肿瘤\n内镜", "required": False},
    {"text": "年限", "kind": "number"},
    {"text": "想问什么", "kind": "text", "required": False},
]


class TestCharts:
    def test_bars_are_drawn_against_the_longest(self):
        chart = bar_chart([("甲", 4), ("乙<b>", 1), ("丙", 0)], 8)
        assert [(bar.width, bar.percent) for bar in chart.bars] == [(100, 50), (25, 12), (0, 0)]
        html = chart.render_html()
        assert html.count("<rect") == 3
        assert "乙&lt;b&gt;" in html
        assert "style=" not in html

    def test_nothing_is_drawn_of_nothing(self):
        assert "<svg" not in bar_chart([]).render_html()
        assert bar_chart([("甲", 0)], 0).bars[0].width == 0

    @pytest.mark.parametrize(
        "values",
        [
            [3.0],
            [0, 1, 2, 3.0],
            [1.0, 400.0, 1000.0],
            [-5.0, 5.0],
            [0.1, 0.2, 0.35],
            [1e300, -1e300],
            [1e16, 1e16 + 2],
        ],
    )
    def test_every_number_falls_into_one_range(self, values):
        ranges = number_ranges([float(value) for value in values])
        assert sum(count for _label, count in ranges) == len(values)
        assert len(ranges) <= 10
        assert len({label for label, _count in ranges}) == len(ranges)

    def test_whole_numbers_close_together_get_a_bar_each(self):
        assert number_ranges([1.0, 1.0, 3.0]) == [("1", 2), ("2", 0), ("3", 1)]

    @pytest.mark.parametrize(
        ("days", "first"),
        [([0, 1, 1], "2026-01-01"), (range(0, 100, 5), "2026-01"), (range(0, 2000, 100), "2026")],
    )
    def test_dates_are_put_together_by_day_month_or_year(self, days, first):
        values = [date(2026, 1, 1) + timedelta(days=day) for day in days]
        ranges = date_ranges(values)
        assert ranges[0][0] == first
        assert sum(count for _label, count in ranges) == len(values)


@pytest.fixture
def survey(db):
    """(zone, other zone, version) of one survey that two zones ask."""
    version = questionnaire_version("survey", questions=QUESTIONS)
    zone, other = gated_zone("agreement", slug="one"), gated_zone("agreement", slug="two")
    for one in (zone, other):
        add_step(one, "survey", questionnaire=version.questionnaire)
    return zone, other, version


def answer(zone, version, *values, user=None):
    """Answers in the order of the version's questions; None leaves one out."""
    keys = [item["key"] for item in version.questions]
    given = {key: value for key, value in zip(keys, values, strict=False) if value is not None}
    return AnswerSet.objects.create(
        user=user or UserFactory(), zone=zone, version=version, answers=given, submitted_at=timezone.now()
    )


@pytest.fixture
def administrator(client, db):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="管理员"))
    client.force_login(user)
    return user


def zone_manager(zone):
    manager = permit(UserFactory(), "wagtailadmin.access_admin")
    grant(user=manager, zone_id=zone.pk, right=Right.MANAGE_GATE, reason="专区主编", by=None)
    return manager


def page_of(version):
    return reverse("gate_results:questionnaire", args=[version.questionnaire_id])


def export(client, asked, form, **data):
    url = reverse("gate_results:export", args=[asked.questionnaire_id])
    return client.post(url, {"format": form} | data)


class TestSummaries:
    def test_choices_are_counted_and_texts_are_not_shown(self, survey):
        zone, _other, version = survey
        answer(zone, version, "内科", ["肿瘤", "内镜"], 3, "私密的一句")
        answer(zone, version, "内科", None, 12)
        found = summaries(
            questions_of([version]), Selection(version.questionnaire, frozenset([zone.pk])).latest_answers()
        )
        single, multiple, number, text = found
        assert [(bar.label, bar.count, bar.percent) for bar in single.chart.bars] == [
            ("内科", 2, 100),
            ("外科", 0, 0),
        ]
        assert [bar.count for bar in multiple.chart.bars] == [1, 1]
        assert (multiple.answered, multiple.asked) == (1, 2)
        assert sum(bar.count for bar in number.chart.bars) == 2
        assert (text.chart, text.answered) == (None, 1)

    def test_who_answers_again_counts_once_with_the_latest(self, survey):
        zone, _other, version = survey
        reader = UserFactory()
        answer(zone, version, "内科", None, 3, user=reader)
        answer(zone, version, "外科", None, 3, user=reader)
        rows = Selection(version.questionnaire, frozenset([zone.pk])).latest_answers()
        assert [bar.count for bar in summaries(questions_of([version]), rows)[0].chart.bars] == [0, 1]

    def test_versions_are_put_together_by_question(self, survey):
        zone, _other, old = survey
        answer(zone, old, "内科", None, 3)
        draft = old.questionnaire
        draft.questions.filter(text="科室类型").update(text="科室", choices="外科\n妇科")
        draft.questions.filter(text="年限").delete()
        Question.objects.create(questionnaire=draft, text="新问题", sort_order=9)
        new = publish_questionnaire(questionnaire=draft, by=None)
        answer(zone, new, "妇科")
        selection = Selection(draft, frozenset([zone.pk]))
        questions = questions_of(selection.versions())
        assert [item["text"] for item in questions] == ["科室", "方向", "想问什么", "新问题", "年限"]
        first = summaries(questions, selection.latest_answers())[0]
        assert [(bar.label, bar.count) for bar in first.chart.bars] == [("外科", 0), ("妇科", 1), ("内科", 1)]
        only_old = Selection(draft, frozenset([zone.pk]), old)
        assert [row.version for row in only_old.latest_answers()] == [old]

    def test_a_name_that_few_gave_is_not_shown(self, db):
        version = questionnaire_version("survey", questions=[{"text": "单位", "kind": "institution"}])
        zone = gated_zone("agreement")
        for name in ("示范第一医院",) * 3 + ("只有我的诊所",):
            answer(zone, version, name)
        rows = Selection(version.questionnaire, frozenset([zone.pk])).latest_answers()
        bars = summaries(questions_of([version]), rows)[0].chart.bars
        assert [bar.count for bar in bars] == [3, 1]
        assert "只有我的诊所" not in [bar.label for bar in bars]


class TestScreens:
    def test_an_administrator_filters_by_zone_and_version(self, client, administrator, survey):
        zone, other, version = survey
        answer(zone, version, "内科", None, 3)
        answer(other, version, "外科", None, 3)
        assert "收集问题" in client.get(reverse("gate_results:index")).content.decode()
        everything = client.get(page_of(version)).context
        assert (everything["people"], everything["submissions"]) == (2, 2)
        one = client.get(page_of(version), {"zone": other.pk, "version": version.pk}).context
        assert [bar.count for bar in one["summaries"][0].chart.bars] == [0, 1]
        wrong = client.get(page_of(version), {"zone": "1' OR 1=1", "version": "x"})
        assert wrong.context["submissions"] == 2

    def test_a_zones_manager_sees_that_zone_only(self, client, survey):
        zone, other, version = survey
        answer(zone, version, "内科", None, 3)
        answer(other, version, "外科", None, 3)
        client.force_login(zone_manager(zone))
        page = client.get(page_of(version), {"zone": other.pk})
        assert [bar.count for bar in page.context["summaries"][0].chart.bars] == [1, 0]
        assert other.title not in page.content.decode()
        assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))
        assert export(client, version, "csv", zone=other.pk).status_code == 400
        rows = list(csv.reader(io.StringIO(export(client, version, "csv").content.decode("utf-8-sig"))))
        assert [row[1] for row in rows[1:]] == ["one"]

    @pytest.mark.parametrize("who", ["reader", "editor", "other zone", "ended"])
    def test_nobody_else_gets_in(self, client, survey, who):
        zone, _other, version = survey
        elsewhere = gated_zone("agreement")
        user = permit(UserFactory(), "wagtailadmin.access_admin")
        if who == "editor":
            permit(user, "gate.change_questionnaire", "gate.publish_questionnaire")
        elif who == "other zone":
            user = zone_manager(elsewhere)
        elif who == "ended":
            past = timezone.now() - timedelta(minutes=1)
            grant(
                user=user, zone_id=zone.pk, right=Right.MANAGE_GATE, reason="曾经", by=None, expires_at=past
            )
        client.force_login(user)
        answer(zone, version, "内科", None, 3)
        for response in (client.get(page_of(version)), export(client, version, "csv")):
            assert response.status_code in (302, 403, 404)
            assert "内科" not in response.content.decode()
        assert not AuditEvent.objects.filter(action="answers_exported").exists()


class TestExports:
    @pytest.mark.parametrize(
        "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1+1", "＝1+1", "\n=1", "=cmd|' /C calc'!A0"]
    )
    def test_no_cell_is_a_formula(self, text):
        assert safe(text) == f"'{text}"

    def test_what_is_none_stays_as_it_is(self):
        assert [safe(value) for value in ("内科", "", 3, -2.5, None, "a=b")] == [
            "内科",
            "",
            3,
            -2.5,
            None,
            "a=b",
        ]
        assert safe("a\x00\x0bb") == "ab"
        assert len(safe("长" * 40_000)) <= 32_767

    def test_both_forms_hold_the_same_and_no_address(self, client, administrator, survey):
        zone, _other, version = survey
        reader = UserFactory(email="geheim@example.org", display_name="不该出现")
        answer(zone, version, "内科", ["肿瘤", "内镜"], -3, '=HYPERLINK("http://x")', user=reader)
        answered = export(client, version, "csv")
        assert answered["Content-Disposition"].startswith("attachment;")
        text = answered.content.decode("utf-8-sig")
        heading, row = csv.reader(io.StringIO(text))
        assert heading[4:] == ["科室类型", "方向", "年限", "想问什么"]
        assert row[0] == str(reader.uuid)
        assert row[1:3] == ["one", "1"]
        assert row[4:] == ["内科", "肿瘤; 内镜", "-3", '\'=HYPERLINK("http://x")']
        assert "geheim" not in text
        assert "不该出现" not in text
        sheet = load_workbook(io.BytesIO(export(client, version, "xlsx").content)).active
        cells = next(sheet.iter_rows(min_row=2))
        assert [cell.value for cell in cells][4:] == ["内科", "肿瘤; 内镜", -3, '\'=HYPERLINK("http://x")']
        assert {cell.data_type for cell in cells} == {"s", "n"}

    def test_each_export_is_on_record(self, client, administrator, survey):
        zone, _other, version = survey
        answer(zone, version, "内科", None, 3)
        export(client, version, "xlsx", zone=zone.pk, version=version.pk)
        event = AuditEvent.objects.get(action="answers_exported")
        assert (event.actor, event.target) == (administrator, f"questionnaire:{version.questionnaire_id}")
        assert event.detail == {"format": "xlsx", "zones": [zone.pk], "version": 1, "rows": 1}

    def test_an_export_is_asked_for_by_post_and_in_a_known_form(self, client, administrator, survey):
        version = survey[2]
        assert client.get(reverse("gate_results:export", args=[version.questionnaire_id])).status_code == 405
        assert export(client, version, "exe").status_code == 400
        assert not AuditEvent.objects.filter(action="answers_exported").exists()

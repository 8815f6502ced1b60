"""A questionnaire with a condition: composed in the admin, answered by readers, shown as charts."""

from __future__ import annotations

import csv
import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from gate.models import AnswerSet, Questionnaire
from tests.factories.gate import PASSWORD, UserFactory, add_step, gated_zone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PHONE = {"width": 390, "height": 844}


def sign_in(page, user, path="/admin/login/"):
    page.goto(path)
    page.fill("[name=login], [name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)


def add_question(page, number, text, kind, choices=""):
    page.locator("#id_questions-ADD").click()
    row = f"questions-{number}"
    page.fill(f"[name={row}-text]", text)
    page.select_option(f"[name={row}-kind]", kind)
    if choices:
        page.fill(f"[name={row}-choices]", choices)
    return row


def answer(page, zone, choice, years=None):
    page.goto(f"/gate/{zone.slug}/")
    expect(page.get_by_text("您做了几年内镜？")).to_be_hidden()
    page.get_by_label(choice, exact=True).check()
    if years is None:
        expect(page.get_by_text("您做了几年内镜？")).to_be_hidden()
    else:
        expect(page.get_by_text("您做了几年内镜？")).to_be_visible()
        page.get_by_label("您做了几年内镜？").fill(years)
    action = page.locator("main form").get_attribute("action")
    page.locator("main form [type=submit]").click()
    expect(page.locator(f"main form[action='{action}']")).to_have_count(0)


def test_composed_answered_and_charted(browse, tmp_path):
    zone = gated_zone("agreement", slug="digestive", title="消化专区", audience="registered")
    zone.gate.steps.all().delete()
    boss = UserFactory()
    boss.groups.add(Group.objects.get(name="管理员"))
    admin = browse()
    sign_in(admin, boss)

    # compose: the dependent question first, then moved down behind the other by the keyboard
    admin.goto("/admin/gate/questionnaires/new/")
    admin.fill("[name=title]", "收集问题")
    admin.select_option("[name=kind]", "survey")
    years = add_question(admin, 0, "您做了几年内镜？", "number")
    scope = add_question(admin, 1, "您做内镜吗？", "single", "做\n不做")
    condition = admin.locator(f"[name={years}-condition_question]")
    expect(condition.locator("option")).to_have_count(1)
    admin.locator(f"#inline_child_{scope} [data-inline-panel-child-move-up]").focus()
    admin.keyboard.press("Enter")
    expect(condition.locator("option")).to_have_count(2)
    expect(admin.locator(f"#id_{years}-condition_value-label")).to_be_hidden()
    expect(admin.locator(f"#id_{years}-choices-label")).to_be_hidden()
    expect(admin.locator(f"#id_{scope}-choices-label")).to_be_visible()
    condition.select_option(label="1. 您做内镜吗？")
    admin.fill(f"[name={years}-condition_value]", "做")
    admin.locator("main form [type=submit]").first.click()
    admin.wait_for_url(lambda url: "/new/" not in url)

    # preview as the reader sees it, then publish
    made = Questionnaire.objects.get()
    admin.goto(f"/admin/gate/questionnaires/versions/{made.pk}/")
    preview = admin.frame_locator("iframe")
    expect(preview.get_by_text("您做了几年内镜？")).to_be_hidden()
    preview.get_by_label("做", exact=True).check()
    expect(preview.get_by_text("您做了几年内镜？")).to_be_visible()
    admin.locator("main form button[type=submit]").click()
    expect(admin.locator("table.listing")).to_be_visible()
    first, second = made.versions.get().questions
    assert second["shown_when"] == {"question": first["key"], "value": "做"}
    add_step(zone, "survey", questionnaire=made)

    # two readers: one is asked further, the other is not
    for choice, years_given in (("做", "7"), ("不做", None)):
        reader = browse(**PHONE)
        sign_in(reader, UserFactory(), "/accounts/login/")
        answer(reader, zone, choice, years_given)
    assert [len(row.answers) for row in AnswerSet.objects.order_by("pk")] == [2, 1]

    # without scripts the condition is said in words, and the server asks for what is missing
    plain = browse(**PHONE, java_script_enabled=False)
    sign_in(plain, UserFactory(), "/accounts/login/")
    plain.goto(f"/gate/{zone.slug}/")
    expect(plain.locator("[data-when] .hint")).to_contain_text("您做内镜吗？")
    plain.get_by_label("做", exact=True).check()
    plain.locator("main form [type=submit]").click()
    expect(plain.locator(".summary")).to_contain_text("您做了几年内镜？")
    plain.get_by_label("您做了几年内镜？").fill("3")
    plain.locator("main form [type=submit]").click()
    expect(plain.locator(".summary")).to_have_count(0)

    # the answers in charts, and out of the system
    admin.goto(f"/admin/gate/answers/{made.pk}/")
    chart = admin.locator(".gate-chart").first
    expect(chart.locator("tbody tr")).to_have_count(2)
    expect(chart.locator("tbody tr").first).to_contain_text(re.compile(r"做\s+2"))
    widths = chart.locator("rect").evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().width)")
    assert widths[0] > widths[1] > 0
    with admin.expect_download() as download:
        admin.locator("button[value=csv]").click()
    target = tmp_path / "answers.csv"
    download.value.save_as(target)
    with target.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert [row[4:] for row in rows[1:]] == [["做", "7"], ["不做", ""], ["做", "3"]]

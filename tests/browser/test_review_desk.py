"""The desk in Chromium: by keyboard alone, on a phone, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from gate.models import AuditEvent
from tests.factories.gate import PASSWORD, reviewer, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def sign_in(page, user):
    page.goto("/admin/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile("/admin/$"))


def revealed(page):
    """The picture of the credential, once the reveal has been answered and the picture has come."""
    page.wait_for_url("**look=*")
    picture = page.locator("[data-desk-viewer-target=picture]")
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator("[data-desk-viewer-target=note]")).to_be_hidden()
    return picture


def chinese(message):
    with override("zh-hans"):
        return gettext(message)


def test_a_reviewer_reveals_and_rejects_with_the_keyboard_alone(browse):
    first, second = submitted(full_name="张一"), submitted(full_name="张二")
    page = browse()
    sign_in(page, reviewer(display_name="李审核"))
    expect(page.locator("[data-review-waiting='2']")).to_be_visible()
    page.goto("/admin/review/")
    expect(page.locator("#listing-results tbody tr")).to_have_count(2)

    page.keyboard.press("n")
    page.wait_for_url(f"**/review/{first.uuid}/")
    assert page.locator("[data-desk-viewer-target=picture]").count() == 0
    page.keyboard.press("v")
    picture = revealed(page)
    assert AuditEvent.objects.filter(action="credential_viewed", subject=first.user).count() == 1

    page.keyboard.press("t")
    page.keyboard.press("+")
    expect(picture).to_have_attribute("style", re.compile(r"rotate\(90deg\)"))
    page.keyboard.press("h")
    expect(page.locator(".desk-stage--hidden")).to_have_count(1)
    page.keyboard.press("h")

    page.keyboard.press("r")
    radios = page.locator("input[name=canned]")
    expect(radios.first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(radios.nth(1)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("a r n v u t: please send the real card")
    assert page.url.partition("?")[0].endswith(f"/{first.uuid}/"), "keys do nothing while one types"
    page.keyboard.press("Control+Enter")

    page.wait_for_url(f"**/review/{second.uuid}/")
    expect(page.locator(".messages")).to_contain_text("张一")
    first.refresh_from_db()
    assert first.state == "rejected"
    assert first.reason.endswith("a r n v u t: please send the real card")
    assert first.field_reasons["credentials"] == chinese(
        "The picture does not show a professional credential."
    )

    page.keyboard.press("a")
    expect(page.locator(".desk-sheet[open]")).to_have_count(0)
    expect(page.locator("#desk-missing")).to_contain_text("1")
    page.keyboard.press("v")
    revealed(page)
    page.keyboard.press("a")
    expect(page.locator(".desk-sheet[open] button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    second.refresh_from_db()
    assert second.state == "approved"


def test_escape_closes_a_sheet_and_gives_the_focus_back(browse):
    case = submitted()
    page = browse()
    sign_in(page, reviewer())
    page.goto(f"/admin/review/{case.uuid}/")
    page.keyboard.press("v")
    revealed(page)
    page.keyboard.press("r")
    expect(page.locator(".desk-sheet[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".desk-sheet[open]")).to_have_count(0)
    expect(page.locator("summary.no")).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator(".desk-sheet[open]")).to_have_count(1)
    case.refresh_from_db()
    assert case.state == "in_review"


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_window(browse, width):
    case = submitted(institution="一" * 60)
    page = browse(width=width)
    sign_in(page, reviewer())
    for address in ("/admin/review/", f"/admin/review/{case.uuid}/"):
        page.goto(address)
        wide = page.evaluate(
            "document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth"
        )
        assert wide <= 0, address
    page.locator(".desk-reveal button").first.click()
    revealed(page)
    page.locator("summary.no").click()
    box = page.locator(".desk-sheet[open] .desk-sheet__panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def free_of_each_other(one, other):
    """Whether two boxes do not overlap."""
    return (
        one["x"] + one["width"] <= other["x"] + 1
        or other["x"] + other["width"] <= one["x"] + 1
        or one["y"] + one["height"] <= other["y"] + 1
        or other["y"] + other["height"] <= one["y"] + 1
    )


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900), (1000, 800)])
def test_a_sheet_leaves_the_picture_visible(browse, width, height):
    case = submitted()
    page = browse(width=width, height=height)
    sign_in(page, reviewer())
    page.goto(f"/admin/review/{case.uuid}/")
    page.locator(".desk-reveal button").first.click()
    revealed(page)
    for key in "arqom":
        page.locator(f"summary[aria-keyshortcuts={key}]").click()
        expect(page.locator(".desk-sheet[open] .desk-sheet__panel")).to_be_visible()
        panel = page.locator(".desk-sheet[open] .desk-sheet__panel").bounding_box()
        stage = page.locator(".desk-stage").bounding_box()
        assert free_of_each_other(panel, stage), key
        assert stage["height"] >= 150, key
        assert 0 <= stage["y"] <= height - 150, key
        assert panel["y"] + panel["height"] <= height, key
        page.locator(".desk-sheet[open] [data-action='desk-sheet#close']").click()
        expect(page.locator(".desk-sheet[open]")).to_have_count(0)


def test_a_refused_sheet_keeps_the_picture_as_it_was(browse):
    case = submitted()
    page = browse()
    sign_in(page, reviewer())
    page.goto(f"/admin/review/{case.uuid}/")
    page.keyboard.press("v")
    picture = revealed(page)
    address = page.url
    page.keyboard.press("t")
    page.keyboard.press("+")
    before = picture.get_attribute("style")
    assert "rotate(90deg)" in before
    page.keyboard.press("r")
    page.locator("input[name=canned][value=other]").check()
    page.locator("input[name=note_department]").fill("科室写错了")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".desk-sheet[open] .error-message:visible")).to_have_count(1)
    expect(page.locator("input[name=note_department]")).to_have_value("科室写错了")
    expect(page.locator("[name=words]")).to_be_focused()
    assert (page.url, picture.get_attribute("style")) == (address, before)
    expect(picture).to_be_visible()
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    assert AuditEvent.objects.filter(action="credential_viewed").count() == 1
    page.keyboard.type("证件属于他人。")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/review/")
    expect(page.locator(".messages")).to_contain_text(case.full_name)
    case.refresh_from_db()
    assert (case.state, case.reason) == ("rejected", "证件属于他人。")


def test_n_goes_on_wherever_the_focus_is_but_not_while_one_types(browse):
    spots = {
        "a link": ".desk-next a",
        "the picture": ".desk-stage",
        "a tool": "[data-action='desk-viewer#turn']",
        "a button of the bar": "form[action$='/release/'] button",
        "the summary of a sheet": "summary[aria-keyshortcuts=q]",
        "a radio of an open sheet": "input[name=canned]",
        "the button of an open sheet": ".desk-sheet[open] button[type=submit]",
    }
    cases = [submitted(full_name=f"张{number}") for number in range(len(spots) + 2)]
    page = browse()
    sign_in(page, reviewer())
    page.goto("/admin/review/")
    page.locator("input[name=case]").first.focus()
    page.keyboard.press("n")
    for case, (spot, where) in zip(cases, spots.items(), strict=False):
        page.wait_for_url(f"**/review/{case.uuid}/")
        page.keyboard.press("v")
        revealed(page)
        if "open sheet" in spot:
            page.keyboard.press("r")
            expect(page.locator("input[name=canned]").first).to_be_focused()
        page.locator(where).first.focus()
        expect(page.locator(where).first).to_be_focused()
        page.keyboard.press("n")
    last = cases[len(spots)]
    page.wait_for_url(f"**/review/{last.uuid}/")
    page.keyboard.press("m")
    expect(page.locator("[name=text]")).to_be_focused()
    page.keyboard.type("nnn")
    expect(page.locator("[name=text]")).to_have_value("nnn")
    assert str(last.uuid) in page.url


def test_the_picture_is_gone_after_a_reload(browse):
    case = submitted()
    page = browse()
    sign_in(page, reviewer())
    page.goto(f"/admin/review/{case.uuid}/")
    page.keyboard.press("v")
    revealed(page)
    page.reload()
    expect(page.locator(".desk-reveal")).to_be_visible()
    assert page.locator("[data-desk-viewer-target=picture]").count() == 0


def test_everything_works_without_javascript(browse):
    case = submitted()
    page = browse(java_script_enabled=False)
    sign_in(page, reviewer())
    page.goto(f"/admin/review/{case.uuid}/")
    page.locator(".desk-reveal button").first.click()
    expect(page.locator(".desk-stage img")).to_have_count(1)
    assert AuditEvent.objects.filter(action="credential_viewed").count() == 1
    page.locator("summary.no").click()
    page.locator("input[name=canned][value=unreadable]").check()
    page.locator(".desk-sheet[open] button[type=submit]").click()
    page.wait_for_url("**/review/")
    case.refresh_from_db()
    assert case.state == "rejected"


def test_a_reviewer_decides_ten_cases_with_the_keyboard_alone(browse):
    cases = [submitted(full_name=f"张{number}") for number in range(10)]
    page = browse()
    sign_in(page, reviewer())
    page.goto("/admin/review/")
    expect(page.locator("#listing-results tbody tr")).to_have_count(10)
    page.keyboard.press("n")
    for number, case in enumerate(cases):
        page.wait_for_url(f"**/review/{case.uuid}/")
        page.keyboard.press("v")
        revealed(page)
        match number % 3:
            case 0:
                page.keyboard.press("a")
                expect(page.locator(".desk-sheet[open] [data-desk-sheet-target=first]")).to_be_focused()
                page.keyboard.press("Enter")
            case 1:
                page.keyboard.press("r")
                expect(page.locator("input[name=canned]").first).to_be_focused()
                page.keyboard.press("Space")
                page.keyboard.press("Control+Enter")
            case _:
                page.keyboard.press("q")
                expect(page.locator("[name=question]")).to_be_focused()
                page.keyboard.type("aruny")
                page.keyboard.press("Control+Enter")
    page.wait_for_url("**/review/")
    for case in cases:
        case.refresh_from_db()
    assert [case.state for case in cases] == [
        ("approved", "rejected", "needs_answer")[number % 3] for number in range(10)
    ]

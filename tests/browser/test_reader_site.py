"""The reader site in Chromium: nothing is cut off, pictures open, the contents follow the reading."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.factories.bodies import (
    callout,
    figure,
    gate_line,
    key_points,
    paragraph,
    references,
    section,
    table,
)
from tests.factories.cms import ArticlePageFactory, XinglinImageFactory, ZonePageFactory
from tests.factories.gate import (
    PASSWORD,
    UserFactory,
    gated_zone,
    steps_of,
    submitted,
    take_steps,
    verification_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PHONE = {"width": 390, "height": 844}
LONG = "https://example.org/" + "a" * 120


@pytest.fixture
def article():
    zone = ZonePageFactory(slug="open", audience="public", title="公开课")
    body = [
        key_points("要点一", "要点二"),
        section("一节", *[paragraph(f"第{number}段。" * 20) for number in range(6)], name="one"),
        section(
            "二节", figure("a", image=XinglinImageFactory().pk, caption="图的说明"), figure("b"), name="two"
        ),
        section(
            "三节",
            table("t", rows=[[f"很长的一格{column}" * 3 for column in range(9)] for _row in range(3)]),
            callout(LONG, tone="warning", title="注意"),
            *[paragraph(f"又{number}段。" * 20) for number in range(6)],
            name="three",
        ),
        references({"text": "文献", "doi": "10.1000/182", "pmid": "12345", "url": LONG}),
    ]
    return ArticlePageFactory(parent=zone, title="一篇有全部内容块的文章", body=body)


def sign_in(page, user):
    page.goto("/accounts/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_window(browse, article, width):
    zone = gated_zone(slug="z")
    user = UserFactory()
    take_steps(user, zone, until="verification")
    verification_in("rejected", user, zone=zone, institution="一" * 60)
    page = browse(width=width)
    for path in ("/", "/zones/open/", f"/articles/{article.uuid}/", "/search/?q=" + "长" * 60, "/none/"):
        page.goto(path)
        assert too_wide(page) <= 0, path
    sign_in(page, user)
    for path in ("/me/", "/gate/z/", "/gate/verification/", "/accounts/email/"):
        page.goto(path)
        assert too_wide(page) <= 0, path


def test_a_wide_table_scrolls_in_its_own_box(browse, article):
    page = browse(**PHONE)
    page.goto(f"/articles/{article.uuid}/")
    box = page.locator(".scroll")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    expect(box).not_to_have_js_property("scrollLeft", 0)


def test_a_picture_opens_larger_and_gives_the_focus_back(browse, article):
    page = browse(**PHONE)
    page.goto(f"/articles/{article.uuid}/")
    link = page.locator("figure a.open").first
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.picture")
    expect(dialog).to_be_visible()
    expect(dialog.locator("img")).to_have_js_property("naturalWidth", 1200)
    expect(dialog.locator(".caption")).to_contain_text("图的说明")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_the_contents_follow_the_reading(browse, article):
    page = browse()
    page.goto(f"/articles/{article.uuid}/")
    current = page.locator(".toc a[aria-current]")
    expect(current).to_have_text("一、一节")
    page.locator(".toc a").nth(2).click()
    expect(current).to_have_text("三、三节")
    expect(page.locator(".toc-fold")).to_be_hidden()


def test_on_a_phone_the_contents_fold(browse, article):
    page = browse(**PHONE)
    page.goto(f"/articles/{article.uuid}/")
    fold = page.locator(".toc-fold")
    expect(page.locator(".aside.toc")).to_be_hidden()
    fold.locator("summary").click()
    fold.locator("a").nth(1).click()
    expect(fold).not_to_have_attribute("open", "")
    page.wait_for_function("scrollY > 0")


def test_agreeing_and_refusing_have_one_size(browse):
    zone = gated_zone(slug="z")
    user = UserFactory()
    page = browse(**PHONE)
    sign_in(page, user)
    for kind in ("agreement", "consent"):
        page.goto("/gate/z/")
        sizes = [button.bounding_box() for button in page.locator(".pair button").all()]
        assert len(sizes) == 2
        assert sizes[0]["width"] == sizes[1]["width"]
        assert sizes[0]["height"] == sizes[1]["height"] >= 44
        page.locator(".pair button").nth(1).click()
        expect(page.locator(f"form[action='/gate/z/steps/{steps_of(zone)[kind].pk}/']")).to_have_count(0)


def test_what_one_taps_is_large_enough(browse, article):
    page = browse(**PHONE)
    page.goto(f"/articles/{article.uuid}/")
    for link in page.locator("header.top a, .toc-fold summary, footer a").all():
        assert link.bounding_box()["height"] >= 44


def test_without_scripts_pictures_and_the_countdown_still_work(browse, article):
    zone = gated_zone("agreement", slug="z", audience="registered")
    page = browse(java_script_enabled=False)
    sign_in(page, UserFactory())
    page.goto("/gate/z/?next=/zones/z/")
    page.locator("button[value=agreed]").click()
    expect(page.locator("[data-countdown]")).to_be_visible()
    page.wait_for_url(f"**/zones/{zone.slug}/", timeout=15_000)
    page.goto(f"/articles/{article.uuid}/")
    page.locator("figure a.open").first.click()
    page.wait_for_url("**/1600")


def test_a_form_is_sent_once(browse):
    zone = gated_zone("agreement", slug="z", audience="registered")
    user = UserFactory()
    page = browse()
    sign_in(page, user)
    page.goto(f"/gate/{zone.slug}/")
    page.locator("button[value=agreed]").dblclick(no_wait_after=True)
    expect(page.locator("[data-countdown]")).to_be_visible()
    expect(page.locator(".messages")).to_have_count(0)


def test_dark_and_printed_pages_can_be_read(browse):
    zone = gated_zone("agreement", slug="z", audience="registered")
    locked = ArticlePageFactory(parent=zone, body=[paragraph("引言"), gate_line(), paragraph("后文")])
    page = browse(color_scheme="dark")
    page.goto(f"/articles/{locked.uuid}/")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(20, 25, 26)"
    page.emulate_media(media="print", color_scheme="light")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator("article .prose").first).to_be_visible()


def test_a_waiting_reader_finds_their_way_back(browse):
    user = UserFactory()
    submitted(user)
    page = browse(**PHONE)
    sign_in(page, user)
    page.goto("/me/")
    page.locator("main a[href='/gate/verification/']").click()
    expect(page.locator(".waiting")).to_be_visible()

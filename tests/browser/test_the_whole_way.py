"""The whole way once, in Chromium: from a locked article through the gate and two reviews."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from gate.models import Admission, ConsentRecord, Verification
from tests.factories.bodies import figure, gate_line, paragraph, section, steps
from tests.factories.cms import ArticlePageFactory, XinglinImageFactory
from tests.factories.gate import PASSWORD, credential_bytes, credential_text, gated_zone, reviewer
from tests.frontend_templates.pages import code_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

WORD = "羟氯喹"  # stands behind the gate only
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def article():
    credential_text()
    zone = gated_zone(slug="digestive", title="消化专区")
    body = [
        paragraph("根除治疗结束只是开始。", name="first"),
        figure("line", image=XinglinImageFactory().pk, caption="复查的时间轴", name="line"),
        paragraph("什么时候复查，分三种情况。", name="last"),
        gate_line(),
        section("用药", paragraph(f"其中一种药是{WORD}，见[图:line]。"), steps(("看方法", "先看方法"))),
    ]
    return ArticlePageFactory(parent=zone, title="根除之后怎样随访", body=body)


@pytest.fixture
def card(tmp_path):
    path = tmp_path / "card.jpg"
    path.write_bytes(credential_bytes())
    return path


def found(page, word):
    """How many hits the search of the site gives."""
    page.goto("/search/")
    page.fill("main [name=q]", word)
    page.press("main [name=q]", "Enter")
    page.wait_for_url("**/search/?q=*")
    return page.locator("main .entries > li").count()


def open_case(page, case):
    """Showing the credential takes the case; no decision without a look."""
    page.goto(f"/admin/review/{case.uuid}/")
    page.locator(".desk-reveal button").first.click()
    expect(page.locator("[data-desk-viewer-target=picture]")).not_to_have_js_property("naturalWidth", 0)
    expect(page.locator("summary[aria-keyshortcuts=a]")).to_be_visible()


def test_from_register_to_the_last_paragraph(browse, article, card):
    reader, desk, stranger = browse(**PHONE), browse(), browse(**PHONE)
    path = f"/articles/{article.uuid}/"

    # locked, with the teaser and nothing of what follows
    reader.goto(path)
    expect(reader.locator("h1")).to_have_text("根除之后怎样随访")
    expect(reader.locator(".locked .gate li")).to_have_count(5)
    assert WORD not in reader.content()

    # register, and the gate begins
    reader.locator(".locked a[href*='/signup/']").click()
    reader.fill("[name=email]", "neu@example.org")
    reader.fill("[name=password1]", PASSWORD)
    reader.locator("main button[type=submit]").click()
    reader.wait_for_url("**/confirm-email/**")
    reader.fill("[name=code]", code_in(mail.outbox[-1]))
    reader.press("[name=code]", "Enter")

    # agree, decline the informed consent
    expect(reader.locator(".terms")).to_be_visible()
    reader.locator("button[value=agreed]").click()
    reader.locator("button[value=skipped]").click()

    # questions: the one that needs the consent is not asked
    for _questionnaire in ("profile", "survey"):
        expect(reader.locator("main .field")).to_have_count(1)
        reader.locator("main .field input").fill("消化内科")
        address = reader.locator("main form").get_attribute("action")
        reader.locator("main button[type=submit]").click()
        expect(reader.locator(f"main form[action='{address}']")).to_have_count(0)

    # the consent to the use of credentials comes before anything can be sent
    expect(reader.locator(".statement")).to_be_visible()
    expect(reader.locator("input[type=file]")).to_have_count(0)
    reader.locator("button[value=agreed]").click()

    # credentials: an error keeps what was typed and takes the cursor there
    reader.fill("[name=full_name]", "林一")
    reader.select_option("[name=profession]", "physician")
    reader.fill("[name=licence_number]", "110110000000001")
    reader.fill("[name=department]", "消化内科")
    reader.locator("main button[type=submit]").click()
    expect(reader.locator("[name=institution]")).to_be_focused()
    expect(reader.locator("[name=full_name]")).to_have_value("林一")
    reader.fill("[name=institution]", "示例医院")
    reader.set_input_files("[name=credentials]", card)
    reader.locator("main button[type=submit]").click()

    # pending
    expect(reader.locator(".waiting")).to_be_visible()
    reader.goto(path)
    expect(reader.locator(".locked .gate [data-state=waiting]")).to_have_count(1)
    assert WORD not in reader.content()

    # a reviewer rejects with a reason
    case = Verification.objects.get()
    boss = reviewer(display_name="李审核")
    desk.goto("/admin/login/")
    desk.fill("[name=login]", boss.email)
    desk.fill("[name=password]", PASSWORD)
    desk.press("[name=password]", "Enter")
    desk.wait_for_url(re.compile("/admin/$"))
    open_case(desk, case)
    desk.locator("summary[aria-keyshortcuts=r]").click()
    desk.locator("input[name=canned][value=unreadable]").check()
    desk.locator(".desk-sheet[open] button[type=submit]").click()
    desk.wait_for_url("**/review/")
    case.refresh_from_db()
    assert case.state == "rejected"

    # the reason stands beside its field, the rest is still there; resubmit
    reader.locator(".locked .pair a.primary").click()
    expect(reader.locator("#f-credentials-reviewer")).to_contain_text(case.field_reasons["credentials"])
    expect(reader.locator("[name=institution]")).to_have_value("示例医院")
    reader.set_input_files("[name=credentials]", card)
    reader.locator("main button[type=submit]").click()
    expect(reader.locator(".waiting")).to_be_visible()

    # approve
    again = Verification.objects.get(previous=case)
    open_case(desk, again)
    desk.locator("summary[aria-keyshortcuts=a]").click()
    desk.locator(".desk-sheet[open] button[type=submit]").click()
    desk.wait_for_url("**/review/")

    # countdown, then the article at the paragraph one had left
    reader.locator(".pair a.primary").click()
    expect(reader.locator("[data-countdown]")).to_be_visible()
    reader.wait_for_url(f"**{path}#b-*", timeout=15_000)
    expect(reader.locator(":target")).to_have_text("什么时候复查，分三种情况。")
    expect(reader.locator("article")).to_contain_text(WORD)
    expect(reader.locator(".locked")).to_have_count(0)

    # search finds a word of the gated body, for the reader and for nobody else
    assert found(reader, WORD) == 1
    expect(reader.locator("main .entries mark").first).to_have_text(WORD)
    assert found(stranger, WORD) == 0
    assert found(stranger, "根除") == 1

    assert list(ConsentRecord.objects.order_by("pk").values_list("decision", flat=True)) == [
        "agreed",
        "skipped",
        "agreed",  # to the use of credentials
    ]
    assert Admission.objects.count() == 1

    # and withdrawing closes it with the next click
    reader.goto("/me/")
    of_the_zone = reader.locator(".record", has_text="消化专区")  # not the consent to the use of credentials
    of_the_zone.locator("form[action$='/withdraw/'] button").click()
    expect(reader.locator(".messages li")).to_be_visible()
    reader.goto(path)
    expect(reader.locator(".locked")).to_be_visible()
    assert WORD not in reader.content()

"""A reader withdraws and is locked out on the next click; the receipt stays and is genuine."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gate.models import ConsentRecord
from tests.factories.bodies import gate_line, paragraph
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import PASSWORD, admitted_reader, gated_zone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

WORD = "只给通过的人看的一句"


def test_a_reader_withdraws_and_is_locked_out_on_the_next_click(browse):
    zone = gated_zone("agreement", "separate_consent", audience="registered", slug="z", title="消化专区")
    article = ArticlePageFactory(
        parent=zone, title="复查的间隔", body=[paragraph("公开的开头。"), gate_line(), paragraph(WORD)]
    )
    reader = admitted_reader(zone)
    path = f"/articles/{article.uuid}/"
    phone = browse(width=390, height=844)
    phone.goto("/accounts/login/")
    phone.fill("[name=login]", reader.email)
    phone.fill("[name=password]", PASSWORD)
    phone.press("[name=password]", "Enter")
    phone.wait_for_url("**/")

    # a second window stands open on the article all the while
    window = phone.context.new_page()
    window.goto(path)
    expect(window.locator("article")).to_contain_text(WORD)

    # the separate consent goes, and nothing with it
    phone.goto("/me/")
    sharing, identity = (
        ConsentRecord.objects.get(user=reader, version__agreement__kind=kind).uuid
        for kind in ("sharing", "identity")
    )
    phone.locator(f"form[action$='{sharing}/withdraw/'] button").click()
    expect(phone.locator(".messages li")).to_be_visible()
    window.reload()
    expect(window.locator("article")).to_contain_text(WORD)

    # the agreement goes with one tap; the next click in the other window is locked out
    phone.locator(f"form[action$='{identity}/withdraw/'] button").click()
    expect(phone.locator("#consents ~ .record [data-decision=withdrawn]")).to_have_count(2)
    window.goto("/zones/z/")
    window.locator("main .entries a").first.click()
    expect(window.locator(".locked")).to_be_visible()
    assert WORD not in window.content()

    # the receipt of what had been agreed to is still there, with its text, and is genuine
    phone.goto(f"/me/consents/{identity}/")
    expect(phone.locator(".receipt .shown")).to_contain_text("请确认。")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with phone.expect_download() as download:
        phone.locator("a[download]").click()
    file = download.value.path()
    phone.goto("/consent-receipts/verify/")
    phone.set_input_files("[name=file]", file)
    phone.locator("main form button").click()
    expect(phone.locator("main .note[role=status]")).to_contain_text("身份声明")

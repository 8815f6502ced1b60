"""Two reviewers and a reader in Chromium: looks, a hand-over, a revocation, and the next click is locked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gate.models import CredentialLook
from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_review_desk import revealed, sign_in
from tests.factories.bodies import gate_line, paragraph
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import PASSWORD, UserFactory, gated_zone, reviewer, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
WORD = "羟氯喹"
REASON = "执业机构通知已离职。"


def test_a_reader_is_locked_with_the_next_click_after_a_revocation(browse):
    zone = gated_zone("verification", slug="digestive", title="消化专区")
    body = [paragraph("引言。"), gate_line(), paragraph(f"其中一种药是{WORD}。")]
    article = ArticlePageFactory(parent=zone, title="随访", body=body)
    user = UserFactory(display_name="林一")
    case = submitted(user, zone=zone)
    first, second = reviewer(display_name="李审核"), reviewer(display_name="王复核")
    one, two, reader = browse(), browse(), browse(width=390, height=844)

    # the first reviewer looks, and hands the case over
    sign_in(one, first)
    one.goto(f"/admin/review/{case.uuid}/")
    expect(one.locator("summary[aria-keyshortcuts=a]")).to_have_count(0)
    one.keyboard.press("v")
    revealed(one)
    one.keyboard.press("o")
    one.locator(".desk-sheet[open] [name=to]").select_option(label="王复核")
    one.locator(".desk-sheet[open] [name=note]").fill("您熟悉这家医院。")
    one.keyboard.press("Control+Enter")
    one.wait_for_url("**/admin/review/")

    # the second one has to look for herself before she approves
    sign_in(two, second)
    two.goto(f"/admin/review/{case.uuid}/")
    expect(two.locator("#desk-missing")).to_be_visible()
    two.keyboard.press("a")
    expect(two.locator(".desk-sheet[open]")).to_have_count(0)
    two.keyboard.press("v")
    revealed(two)
    two.keyboard.press("a")
    expect(two.locator(".desk-sheet[open] button[type=submit]")).to_be_focused()
    two.keyboard.press("Enter")
    two.wait_for_url("**/admin/review/")
    assert set(CredentialLook.objects.values_list("reviewer", flat=True)) == {first.pk, second.pk}

    # the reader reads
    reader.goto("/accounts/login/")
    reader.fill("[name=login]", user.email)
    reader.fill("[name=password]", PASSWORD)
    reader.press("[name=password]", "Enter")
    reader.wait_for_url(lambda address: "/accounts/login/" not in address)
    reader.goto(f"/articles/{article.uuid}/")
    expect(reader.locator("article")).to_contain_text(WORD)

    # one proposes to revoke; nothing closes before the other confirms
    one.goto(f"/admin/review/{case.uuid}/")
    one.keyboard.press("x")
    one.locator(".desk-sheet[open] [name=reason]").fill(REASON)
    one.keyboard.press("Control+Enter")
    expect(one.locator("summary[aria-keyshortcuts=x]")).to_have_count(0, timeout=PATIENCE_MS)
    expect(one.locator("summary[aria-keyshortcuts=y]")).to_have_count(0)
    reader.reload()
    expect(reader.locator("article")).to_contain_text(WORD)

    two.goto("/admin/review/")
    two.locator("#listing-results tbody a").first.click()
    expect(two.locator(".desk-second")).to_contain_text(REASON)
    two.wait_for_load_state()  # the keys work when the scripts have run
    two.keyboard.press("y")
    expect(two.locator(".desk-sheet[open] button[type=submit]")).to_be_focused()
    two.keyboard.press("Enter")
    expect(two.locator("summary[aria-keyshortcuts=y]")).to_have_count(0, timeout=PATIENCE_MS)
    case.refresh_from_db()
    assert case.state == "revoked"

    # locked with the next click
    reader.reload()
    expect(reader.locator(".locked")).to_be_visible()
    assert WORD not in reader.content()

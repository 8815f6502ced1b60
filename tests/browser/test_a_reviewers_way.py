"""A reviewer's way: a second factor at the door, looks, a colleague, and an approval that is taken back."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.factories.bodies import gate_line, paragraph
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import PASSWORD, UserFactory, gated_zone, reviewer, submitted, take_steps
from tests.factories.second_factors import format_hotp_value, hotp_value

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PHONE = {"width": 390, "height": 844}
WORD = "羟氯喹"  # stands behind the gate only
PERIOD = 30  # seconds that a code of an authenticator app lasts


@pytest.fixture
def second_factor_required(settings):
    settings.XINGLIN_SECOND_FACTOR = "required"
    settings.MFA_TOTP_TOLERANCE = 1  # a code may turn over while the page loads


def code_of(secret):
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


def type_password(page, user):
    page.goto("/admin/login/?next=/admin/review/")
    page.fill("main [name=login]", user.email)
    page.fill("main [name=password]", PASSWORD)
    page.press("main [name=password]", "Enter")


def enrol(page, user):
    """Sign in for the first time: not to the desk, but to the enrolment. Returns the app's secret."""
    type_password(page, user)
    page.wait_for_url("**/accounts/second-factor/**")
    page.locator("main a.primary").click()
    secret = page.locator("main code").inner_text().strip()
    page.fill("main [name=code]", code_of(secret))
    page.press("main [name=code]", "Enter")
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/admin/review/")
    expect(page).to_have_url(re.compile("/admin/review/$"))
    return secret


def look(page):
    """Reveal the credential, and see it."""
    page.keyboard.press("v")
    page.wait_for_url("**look=*")
    expect(page.locator("[data-desk-viewer-target=picture]")).not_to_have_js_property("naturalWidth", 0)


def is_open(page, path):
    page.goto(path)
    return WORD in page.content()


def test_enrolled_asked_looked_handed_over_and_revoked(browse, second_factor_required):
    zone = gated_zone(slug="z", title="消化专区")
    body = [paragraph("给所有人。"), gate_line(), paragraph(f"药是{WORD}。")]
    path = f"/articles/{ArticlePageFactory(parent=zone, title='随访', body=body).uuid}/"
    applicant = UserFactory()
    take_steps(applicant, zone, until="verification")
    case = submitted(applicant, zone=zone)
    first, second = reviewer(display_name="周审核"), reviewer(display_name="吴审核")
    desk, colleague, reader = browse(), browse(), browse(**PHONE)

    # the first sign-in enrols; the next, at the admin's address, asks for the code and opens nothing before
    secret = enrol(desk, first)
    desk.context.clear_cookies()
    type_password(desk, first)
    desk.wait_for_url("**/accounts/mfa/authenticate/**")
    desk.goto("/admin/review/")
    expect(desk).to_have_url(re.compile("/accounts/"))
    desk.goto("/accounts/mfa/authenticate/")
    desk.fill("main [name=code]", code_of(secret))
    desk.press("main [name=code]", "Enter")
    desk.wait_for_url("**/admin/review/")

    # nothing is approved unseen; the case goes to a colleague, with a note
    address = f"/admin/review/{case.uuid}/"
    desk.goto(address)
    desk.locator("form[action$='/claim/'] button").click()
    expect(desk.locator("#desk-missing")).to_be_visible()
    look(desk)
    expect(desk.locator("#desk-missing")).to_have_count(0)
    desk.keyboard.press("o")
    desk.locator(".desk-sheet[open] select[name=to]").select_option(label="吴审核")
    desk.locator(".desk-sheet[open] [name=note]").fill("请核对编号。")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url(lambda url: str(case.uuid) not in url)

    # a look of one reviewer is not a look of the other
    enrol(colleague, second)
    colleague.goto(address)
    expect(colleague.locator("#desk-missing")).to_be_visible()
    look(colleague)
    colleague.keyboard.press("a")
    expect(colleague.locator(".desk-sheet[open] [data-desk-sheet-target=first]")).to_be_focused()
    colleague.keyboard.press("Enter")
    colleague.wait_for_url("**/admin/review/")
    case.refresh_from_db()
    assert case.state == "approved"

    # the reader enters and reads
    reader.goto("/accounts/login/")
    reader.fill("main [name=login]", applicant.email)
    reader.fill("main [name=password]", PASSWORD)
    reader.press("main [name=password]", "Enter")
    reader.wait_for_url(lambda url: "/login/" not in url)
    reader.goto("/gate/z/")
    expect(reader.locator("[data-countdown]")).to_be_visible()
    assert is_open(reader, path)

    # one proposes to take the approval back, the other confirms, and the next click is locked
    colleague.goto(address)
    colleague.keyboard.press("x")
    colleague.locator(".desk-sheet[open] [name=reason]").fill("执业机构通知已离职。")
    colleague.keyboard.press("Control+Enter")
    expect(colleague.locator(".messages li")).to_be_visible()
    assert is_open(reader, path)
    desk.goto(address)
    desk.locator("details:has(form[action$='/revoke/confirm/']) summary").click()
    desk.locator(".desk-sheet[open] button[type=submit]").click()
    expect(desk.locator(".messages li")).to_be_visible()
    case.refresh_from_db()
    assert case.state == "revoked"
    assert not is_open(reader, path)
    expect(reader.locator(".locked")).to_be_visible()

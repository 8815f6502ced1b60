"""Signing in, in Chromium: registering by code, enrolling a second factor and being asked for it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from playwright.sync_api import expect

from gate.models import User
from tests.factories.gate import PASSWORD, UserFactory, reviewer
from tests.frontend_templates.pages import code_in
from tests.gate.people.signin.test_second_factor import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PHONE = {"width": 390, "height": 844}


def type_password(page, user, password=PASSWORD):
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def test_staff_enrol_at_the_admins_address_and_are_asked_for_a_code_there(browse, settings):
    settings.XINGLIN_SECOND_FACTOR = "required"
    boss = reviewer(display_name="李审核")
    desk, phone = browse(), browse(**PHONE)

    desk.goto("/admin/review/")
    type_password(desk, boss)
    desk.wait_for_url("**/accounts/second-factor/**")
    desk.locator("main .actions .primary").click()
    secret = desk.locator("main code").inner_text()
    desk.fill("[name=code]", code_of(secret))
    desk.press("[name=code]", "Enter")
    desk.wait_for_url("**/recovery-codes/")
    expect(desk.locator(".codes code")).to_have_count(10)
    recovery = desk.locator(".codes code").first.inner_text()
    desk.locator("main .actions .primary").click()
    desk.wait_for_url("**/admin/review/")

    phone.goto("/admin/")
    type_password(phone, boss)
    phone.wait_for_url("**/mfa/authenticate/**")
    phone.goto("/admin/")
    phone.wait_for_url("**/accounts/**")  # the password alone opens nothing
    type_password(phone, boss) if phone.locator("[name=password]").count() else None
    phone.fill("[name=code]", recovery)
    phone.press("[name=code]", "Enter")
    phone.wait_for_url(re.compile("/admin/$"))


def test_a_reader_registers_with_the_code_from_the_mail(browse):
    page = browse(**PHONE)
    page.goto("/accounts/signup/?next=/search/")
    page.fill("[name=email]", "neu@example.org")
    page.fill("[name=password1]", PASSWORD)
    page.press("[name=password1]", "Enter")
    page.wait_for_url("**/confirm-email/**")
    page.fill("[name=code]", "000000")
    page.press("[name=code]", "Enter")
    expect(page.locator("main .summary")).to_be_visible()
    page.fill("[name=code]", code_in(mail.outbox[-1]))
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/search/")
    assert User.objects.get(email="neu@example.org").last_login is not None


def test_who_guesses_sees_how_long_to_wait(browse, settings):
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 3
    settings.AXES_COOLOFF_TIME = timedelta(minutes=15)
    user = UserFactory()
    page = browse(**PHONE)
    for _number in range(3):
        page.goto("/admin/login/")
        type_password(page, user, "not the password")
        page.wait_for_load_state()
    page.goto("/accounts/login/")
    type_password(page, user)
    expect(page.locator("main")).to_contain_text("15 分钟")

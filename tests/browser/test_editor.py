"""An article written in the admin, approved by someone else, read on the site."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from cms import roles
from cms.models import ArticlePage
from tests.factories.cms import ZonePageFactory
from tests.factories.gate import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def sign_in(page, group):
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    page.goto("/admin/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile("/admin/$"))


def test_written_approved_by_someone_else_and_read(browse):
    zone = ZonePageFactory(title="公开课", slug="open", audience="public")
    editor, medical, reader = browse(), browse(), browse(width=390, height=844)

    # the editor writes and submits
    sign_in(editor, roles.EDITORS)
    editor.goto(f"/admin/pages/add/cms/articlepage/{zone.pk}/")
    editor.fill("[name=title]", "洗手的六个时刻")
    editor.fill("[name=summary]", "一张床旁卡片。")
    editor.locator(".c-sf-add-button").first.click()
    editor.get_by_role("option", name="段落").click()
    text = editor.locator(".public-DraftEditor-content").first
    text.click()
    editor.keyboard.insert_text("接触病人之前先洗手。")
    expect(editor.locator("[name=body-0-value]")).to_have_value(re.compile("接触病人"))
    editor.locator("footer .w-dropdown__toggle").click()
    editor.locator("[name=action-submit]").click()
    expect(editor.locator(".messages .success")).to_be_visible()
    article = ArticlePage.objects.get()
    assert not article.live
    assert reader.goto(f"/articles/{article.uuid}/").status == 404

    # a medical reviewer approves
    sign_in(medical, roles.MEDICAL_REVIEWERS)
    medical.goto(f"/admin/pages/{article.pk}/edit/")
    medical.locator("footer .w-dropdown__toggle").click()
    medical.locator("[data-workflow-action-name=approve]").first.click()
    expect(medical.locator(".messages .success")).to_be_visible()

    # readers have it
    reader.goto(f"/articles/{article.uuid}/")
    expect(reader.locator("h1")).to_have_text("洗手的六个时刻")
    expect(reader.locator("article")).to_contain_text("接触病人之前先洗手。")

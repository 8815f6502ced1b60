"""Changing what one is recognised with, from one's own page: forms alone."""

from __future__ import annotations

import pytest

from tests.factories.gate import admitted_reader, card_of, credential, gated_zone, reject, reviewer, revoke
from tests.frontend_templates.pages import filled, form_of, get, main_of, post, screen

pytestmark = pytest.mark.django_db
CHANGE = "/gate/verification/?change=1"


@pytest.fixture
def reader(client):
    user = admitted_reader(gated_zone("verification", slug="z"))
    client.force_login(user)
    return user


def values(form):
    return {control["name"]: control.get("value", "") for control in form.select("input[type=text]")}


def test_the_way_starts_at_ones_own_page_and_knows_what_was_stated(client, reader):
    assert CHANGE in [link["href"] for link in main_of(get(client, "/me/")).select("a")]
    assert CHANGE in [link["href"] for link in main_of(get(client, "/gate/verification/")).select("a")]
    page = get(client, CHANGE)
    assert screen(page) == "gate/verification"
    stated = values(form_of(page))
    approved = reader.verifications.get()
    assert (stated["full_name"], stated["institution"]) == (approved.full_name, approved.institution)


def test_reading_goes_on_while_the_change_waits_and_after_it_was_rejected(client, reader):
    form = form_of(get(client, CHANGE))
    data = filled(form, institution="第二示例医院", credentials=credential(data=card_of(reader)))
    page = post(client, form["action"], data, follow=True)
    assert screen(page) == "gate/pending"
    assert main_of(page).select_one(".note[role=status] time")
    assert screen(get(client, "/gate/z/")) == "gate/admitted"
    change = reader.verifications.latest("pk")
    reject(case=change, reviewer=reviewer(), reason="请补调动证明。")
    page = get(client, "/gate/verification/")
    assert screen(page) == "gate/verification"
    assert main_of(page).select_one(".note[role=status] time")
    assert values(form_of(page))["institution"] == "第二示例医院"
    assert screen(get(client, "/gate/z/")) == "gate/admitted"


def test_errors_keep_what_was_typed(client, reader):
    form = form_of(get(client, CHANGE))
    page = post(client, form["action"], filled(form, institution="第二示例医院"))
    assert (page.status_code, values(form_of(page))["institution"]) == (422, "第二示例医院")
    assert reader.verifications.count() == 1


def test_who_is_not_recognised_finds_no_change(client, reader):
    revoke(case=reader.verifications.get())
    assert CHANGE not in [link["href"] for link in main_of(get(client, "/me/")).select("a")]

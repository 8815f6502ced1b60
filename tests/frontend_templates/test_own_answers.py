"""Correcting one's answers on the site, with a form and no script."""

from __future__ import annotations

import pytest

from gate.models import AnswerSet
from tests.factories.gate import UserFactory, admitted_reader, gated_zone
from tests.frontend_templates.pages import filled, form_of, get, main_of, post, screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = admitted_reader(gated_zone("consent", "profile", slug="z", audience="registered"), locale="en")
    client.force_login(user)
    return user


def form_with(page, **changes):
    """What a browser sends: the chosen options too."""
    form = form_of(page)
    chosen = {box["name"]: box["value"] for box in form.select("input[checked]")}
    return filled(form, **chosen) | changes


def test_from_ones_data_to_the_corrected_answer(client, reader):
    main = main_of(get(client, "/me/data/"))
    link = main.select_one("#answers ~ .record .actions a")["href"]
    page = get(client, link)
    assert screen(page) == "account/correct_answers"
    old = AnswerSet.objects.get()
    data = form_with(page)
    assert {key: data[key] for key in old.answers} == old.answers
    key = form_of(page).select_one("input[type=text]")["name"]
    saved = post(client, link, data | {key: "内镜中心"}, follow=True)
    assert saved.redirect_chain[0][0] == "/me/data/#answers"
    assert AnswerSet.objects.get(corrects=old).answers == old.answers | {key: "内镜中心"}
    record = main_of(saved).select_one("#answers ~ .record")
    assert "内镜中心" in record.text
    assert record.select_one("details").text.count(str(old.answers[key])) == 1
    assert screen(get(client, "/gate/z/")) == "gate/admitted"


def test_a_wrong_answer_keeps_the_form(client, reader):
    link = main_of(get(client, "/me/data/")).select_one("#answers ~ .record .actions a")["href"]
    page = get(client, link)
    key = form_of(page).select_one("input[type=text]")["name"]
    wrong = post(client, link, form_with(page) | {key: ""})
    assert wrong.status_code == 422
    assert main_of(wrong).find(id=f"f-{key}")["aria-invalid"] == "true"
    assert AnswerSet.objects.count() == 1


def test_a_stale_window_leads_to_the_newest(client, reader):
    link = main_of(get(client, "/me/data/")).select_one("#answers ~ .record .actions a")["href"]
    page = get(client, link)
    key = form_of(page).select_one("input[type=text]")["name"]
    for text in ("内镜中心", "普外科"):
        answer = post(client, link, form_with(page) | {key: text})
        assert answer["Location"] == "/me/data/#answers"
    assert get(client, link).status_code == 302
    assert AnswerSet.objects.count() == 2


def test_nobody_elses_is_found(client, reader):
    link = main_of(get(client, "/me/data/")).select_one("#answers ~ .record .actions a")["href"]
    client.force_login(UserFactory())
    assert get(client, link).status_code == 404
    assert post(client, link, {}).status_code == 404
    client.logout()
    assert get(client, link).status_code == 302


def test_who_answered_nothing_is_told(client):
    client.force_login(UserFactory())
    assert main_of(get(client, "/me/data/")).select_one("#answers + .empty")

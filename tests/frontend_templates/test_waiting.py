"""The site while staff review, when they ask, and before an article with a narrower audience."""

from __future__ import annotations

import pytest

from tests.factories.bodies import gate_line, paragraph
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import (
    UserFactory,
    allow_credentials,
    application,
    approve,
    credential,
    gated_zone,
    reviewer,
    take_steps,
    verification_in,
)
from tests.frontend_templates.pages import get, main_of, post, screen
from tests.frontend_templates.test_gate_flow import submit

pytestmark = pytest.mark.django_db
CANARY = "金丝雀词"


@pytest.fixture
def reader(client):
    user = allow_credentials(UserFactory())
    client.force_login(user)
    return user


def article_in(zone, **page):
    body = [paragraph("引言", name="p"), gate_line(), paragraph(CANARY)]
    return ArticlePageFactory(parent=zone, body=body, **page)


@pytest.fixture
def zone():
    return gated_zone("agreement", "verification", slug="z")


@pytest.mark.parametrize("case", ["submitted", "in_review"])
def test_a_step_under_review_costs_no_minutes_and_is_current(client, zone, reader, case):
    article = article_in(zone)
    take_steps(reader, zone, until="verification")
    verification_in(case, reader, zone=zone)
    for page in (get(client, f"/articles/{article.uuid}/"), get(client, "/gate/z/")):
        (waiting,) = main_of(page).select(".gate li[data-state=waiting]")
        assert waiting["aria-current"] == "step"
        assert not any(letter.isdigit() for letter in waiting.text)
        assert not main_of(page).select(".gate li[data-state=now]")
    assert screen(get(client, "/gate/z/")) == "gate/pending"


def test_a_question_is_the_readers_turn(client, zone, reader):
    article = article_in(zone)
    take_steps(reader, zone, until="verification")
    verification_in("needs_answer", reader, zone=zone)
    main = main_of(get(client, f"/articles/{article.uuid}/"))
    assert main.select(".gate li[data-state=now]")
    assert main.select_one(".locked .button.primary").text == "Answer the reviewer"
    page = get(client, main.select_one(".locked .button.primary")["href"])
    assert screen(page) == "gate/question"
    assert screen(submit(client, page, answer="见附件。")) == "gate/pending"


@pytest.mark.parametrize("audience", ["registered", "public"])
@pytest.mark.parametrize(
    "kinds", [("agreement", "verification"), ("verification", "agreement"), ("agreement",)]
)
def test_the_way_ends_where_an_article_for_fewer_people_opens(client, reader, audience, kinds):
    zone = gated_zone(*kinds, audience=audience)
    article = article_in(zone, audience="hcp")
    address = f"/articles/{article.uuid}/"
    page = get(client, main_of(get(client, address)).select_one(".locked .button.primary")["href"])
    for _turn in range(8):
        match screen(page):
            case "gate/agreement":
                page = submit(client, page, decision="agreed")
            case "gate/verification":
                page = submit(client, page, **application(), credentials=[credential()])
            case "gate/pending":
                approve(case=reader.verifications.get(), reviewer=reviewer())
                page = get(client, main_of(page).select_one(".button.primary")["href"])
            case other:
                assert other == "gate/admitted"
                break
    assert CANARY in get(client, address).content.decode()
    assert address in str(main_of(page))


def test_posting_again_while_staff_review_leads_on(client, zone, reader):
    take_steps(reader, zone, until="verification")
    verification_in("submitted", reader, zone=zone)
    data = application() | {"zone": "z", "next": "/zones/z/", "credentials": [credential()]}
    assert screen(post(client, "/gate/verification/", data, follow=True)) == "gate/pending"
    assert reader.verifications.count() == 1

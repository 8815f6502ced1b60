"""A move that changes who may read shows a message before and after."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from cms.audiences import Audience
from cms.models import ArticlePage
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = UserFactory(is_superuser=True)
    client.force_login(user)
    return user


def labels(response) -> list[set[Audience]]:
    """The audiences that each message names."""
    texts = [str(message) for message in get_messages(response.wsgi_request)]
    return [{audience for audience in Audience if str(audience.label) in text} for text in texts]


def confirming(article, zone) -> str:
    return reverse("wagtailadmin_pages:move_confirm", args=[article.pk, zone.pk])


def test_the_page_that_asks_names_both_audiences_and_moves_nothing(client, boss):
    article = ArticlePageFactory(parent=ZonePageFactory(audience="hcp"))
    response = client.get(confirming(article, ZonePageFactory(audience="public")))
    assert labels(response) == [{Audience.HCP, Audience.PUBLIC}]
    assert ArticlePage.objects.get().effective_audience == Audience.HCP


def test_afterwards_the_new_audience_is_named(client, boss):
    article = ArticlePageFactory(parent=ZonePageFactory(audience="hcp"))
    response = client.post(confirming(article, ZonePageFactory(audience="public")))
    assert {Audience.PUBLIC} in labels(response)
    assert ArticlePage.objects.get().effective_audience == Audience.PUBLIC


def test_several_at_once_too(client, boss):
    source, target = ZonePageFactory(audience="hcp"), ZonePageFactory(audience="public")
    articles = [ArticlePageFactory(parent=source) for _ in range(2)]
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    query = "&".join(f"id={article.pk}" for article in articles)
    response = client.post(f"{address}?{query}", {"chooser": target.pk})
    assert {Audience.PUBLIC} in labels(response)
    assert {article.effective_audience for article in ArticlePage.objects.all()} == {Audience.PUBLIC}


def test_an_article_that_stays_as_closed_as_it_was_says_nothing_before(client, boss):
    article = ArticlePageFactory(parent=ZonePageFactory(audience="hcp"), audience="hcp")
    assert labels(client.get(confirming(article, ZonePageFactory(audience="public")))) == []

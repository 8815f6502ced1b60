"""Searching from the site."""

from __future__ import annotations

import pytest

from search.errors import SearchUnavailable
from search.requests import MAX_QUERY_LENGTH
from search.sync import sync
from tests.api.whole_article import ARTICLE_ID, CANARY, golden_article
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.gate import UserFactory, admitted_reader, gated_zone
from tests.frontend_templates.pages import get, main_of

pytestmark = pytest.mark.django_db


def search(client, **query):
    return get(client, "/search/", data=query)


def test_without_words_it_says_what_can_be_looked_for(client):
    main = main_of(search(client))
    assert main.select_one(".empty")
    assert not main.select(".entries")
    assert "autofocus" in main.find("input", attrs={"name": "q"}).attrs


def test_hits_are_marked_and_locked_ones_say_so(client):
    golden_article()
    sync()
    main = main_of(search(client, q="监测"))
    (hit,) = main.select(".entries > li")
    assert hit.h3.a["href"] == f"/articles/{ARTICLE_ID}/"
    assert hit.h3.mark.text == "监测"
    assert "for verified professionals" in hit.select_one(".lock").text


def test_gated_words_are_found_by_admitted_readers_only(client):
    zone = gated_zone("agreement", "verification", slug="cell-therapy")
    golden_article(zone)
    sync()
    for user in (None, UserFactory()):
        if user:
            client.force_login(user)
        main = main_of(search(client, q=CANARY))
        assert not main.select(".entries")
        assert main.select_one(".empty")
    client.force_login(admitted_reader(zone))
    main = main_of(search(client, q=CANARY))
    assert main.select_one(".entries p mark").text == CANARY
    assert not main.select(".lock")


@pytest.mark.parametrize("query", ["长" * (MAX_QUERY_LENGTH + 1), "a\x00b"])
def test_a_query_that_cannot_be_run_is_explained_beside_the_box(client, query):
    response = search(client, q=query)
    main = main_of(response)
    box = main.find("input", attrs={"name": "q"})
    assert response.status_code == 400
    assert box["aria-invalid"] == "true"
    assert main.find(id=box["aria-describedby"]).text


def test_what_was_asked_comes_back_as_text(client):
    response = search(client, q='"><script>alert(1)</script>')
    assert b"<script>alert" not in response.content
    assert main_of(response).find("input", attrs={"name": "q"})["value"] == '"><script>alert(1)</script>'


def test_an_engine_that_is_down_is_said_in_words(client, monkeypatch):
    def down(request):
        raise SearchUnavailable("http://10.0.0.7:9200 refused")

    monkeypatch.setattr("api.search.find", down)
    response = search(client, q="肺")
    assert response.status_code == 503
    assert main_of(response).select_one("#q-error").text.strip()
    assert b"10.0.0.7" not in response.content


def test_results_are_paged(client):
    zone = ZonePageFactory(audience="public", slug="viel")
    for number in range(11):
        ArticlePageFactory(parent=zone, title=f"高血压之{number}")
    sync()
    first = main_of(search(client, q="高血压", zone="viel"))
    assert len(first.select(".entries > li")) == 10
    assert not first.find("a", rel="prev")
    second = main_of(get(client, "/search/" + first.find("a", rel="next")["href"]))
    assert len(second.select(".entries > li")) == 1
    assert not second.find("a", rel="next")
    assert second.find("input", attrs={"name": "zone"})["value"] == "viel"
    assert "11 results" in second.find(role="status").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "٣", "9" * 9, ""])
def test_what_is_no_page_is_the_first(client, page):
    golden_article()
    sync()
    assert len(main_of(search(client, q="监测", page=page)).select(".entries > li")) == 1


def test_an_unknown_zone_is_explained(client):
    response = search(client, q="肺", zone="none")
    assert response.status_code == 400
    assert main_of(response).select_one("#q-error")


def test_searching_too_often_is_refused_and_counts_together_with_the_api(client, settings):
    settings.XINGLIN_API_RATES = {"search": "2/day"}
    assert search(client, q="监测").status_code == 200
    assert client.get("/api/v1/search", {"q": "监测"}).status_code == 200
    refused = search(client, q="监测")
    assert refused.status_code == 429
    assert main_of(refused).select_one("[role=alert]") is not None
    assert search(client).status_code == 200, "the form alone costs nothing"

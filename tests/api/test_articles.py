"""Articles: golden answers, caching, pagination, and what a locked answer keeps back."""

from __future__ import annotations

import datetime
import json
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from api.articles import article_answer, article_list
from cms.selectors import head_of
from gate.decision.access import Access
from tests.api.golden import assert_golden
from tests.api.whole_article import ARTICLE_ID, CANARY, golden_article, golden_zone
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def public_zone():
    return golden_zone(audience="public")


def test_a_public_article(client, public_zone, golden):
    golden_article(public_zone)
    answer = client.get(f"/api/v1/articles/{ARTICLE_ID}")
    assert_golden(golden, "article_public", answer.json(), "Article")
    assert answer.content.decode() == head_of(ARTICLE_ID).publication.full_document


def test_a_locked_article(client, golden):
    golden_article()
    answer = client.get(f"/api/v1/articles/{ARTICLE_ID}", headers={"Accept-Language": "zh-hans"})
    assert answer.status_code == 200
    assert_golden(golden, "article_locked", answer.json(), "Article")
    assert CANARY not in answer.content.decode()


def test_the_message_of_a_locked_article_follows_the_language(client):
    golden_article()

    def message(language: str) -> str:
        answer = client.get(f"/api/v1/articles/{ARTICLE_ID}", headers={"Accept-Language": language})
        return answer.json()["locked"]["message"]

    assert message("en") == "Sign in to read the whole text. The steps take a few minutes, once."
    assert message("zh-hans") == "登录后可阅读全文。各步骤只需几分钟，做一次即可。"


def test_the_list(client, golden):
    golden_article()
    assert_golden(golden, "articles", client.get("/api/v1/articles").json(), "ArticleList")


def test_a_public_article_may_be_kept_for_a_minute_and_asked_for_again(client, public_zone):
    golden_article(public_zone)
    address = f"/api/v1/articles/{ARTICLE_ID}"
    first = client.get(address)
    assert first["Cache-Control"] == "public, max-age=60"
    assert first["ETag"] == f'"{head_of(ARTICLE_ID).publication.digest}"'
    assert "Authorization" not in first.get("Vary", "")
    for tags in (first["ETag"], f'"other", W/{first["ETag"]}', "*"):
        again = client.get(address, headers={"If-None-Match": tags})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("audience", ["registered", "hcp"])
def test_a_gated_article_has_no_tag_to_probe_with(client, audience):
    golden_article(golden_zone(audience=audience))
    address = f"/api/v1/articles/{ARTICLE_ID}"
    digest = head_of(ARTICLE_ID).publication.digest
    for tags in ("*", f'"{digest}"'):
        answer = client.get(address, headers={"If-None-Match": tags})
        assert answer.status_code == 200
        assert "ETag" not in answer
        assert answer["Cache-Control"] == "private, no-store"
        assert digest not in answer.content.decode()


def test_a_tightened_article_is_locked_in_a_public_zone(client, public_zone):
    golden_article(public_zone, audience="hcp")
    answer = client.get(f"/api/v1/articles/{ARTICLE_ID}")
    assert answer.json()["locked"]["reason"] == "anonymous"
    assert CANARY not in answer.content.decode()


def test_unknown_withdrawn_and_never_published_articles_are_alike(client, public_zone):
    draft = ArticlePageFactory(parent=public_zone, published=False)
    gone = ArticlePageFactory(parent=public_zone)
    gone.unpublish()
    bodies = {
        client.get(f"/api/v1/articles/{article_id}").content
        for article_id in (uuid4(), draft.uuid, gone.uuid)
    }
    assert len(bodies) == 1
    assert json.loads(bodies.pop())["status"] == 404


def test_lists_show_teasers_only(client):
    golden_article()
    answer = client.get("/api/v1/articles")
    assert CANARY not in answer.content.decode()
    (item,) = answer.json()["items"]
    assert "body" not in item
    assert item["readable"] is False
    assert answer["Cache-Control"] == "private, no-store"


def test_pages_hold_every_article_once_newest_first(client, public_zone):
    today = datetime.date(2026, 11, 23)
    made = [
        ArticlePageFactory(parent=public_zone, date=today - datetime.timedelta(days=number // 3))
        for number in range(7)
    ]
    seen, cursor = [], ""
    while True:
        page = client.get("/api/v1/articles", {"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(item["id"] for item in seen) == sorted(str(article.uuid) for article in made)
    dates = [item["date"] for item in seen]
    assert dates == sorted(dates, reverse=True)
    same_day = [item["id"] for item in seen if item["date"] == str(today)]
    assert same_day == [str(article.uuid) for article in reversed(made[:3])]


def test_an_article_recorded_again_between_two_pages_is_not_lost(client, public_zone):
    articles = [ArticlePageFactory(parent=public_zone) for _ in range(3)]
    first = client.get("/api/v1/articles", {"limit": 1}).json()
    articles[0].title = "改过的标题"
    articles[0].save_revision().publish()
    rest = client.get("/api/v1/articles", {"limit": 5, "cursor": first["next_cursor"]}).json()
    assert [item["id"] for item in rest["items"]] == [str(articles[1].uuid), str(articles[0].uuid)]


def test_a_foreign_or_changed_cursor_is_refused(client, public_zone):
    for _ in range(2):
        ArticlePageFactory(parent=public_zone)
    cursor = client.get("/api/v1/articles", {"limit": 1}).json()["next_cursor"]
    for bad in ("", "1", cursor[:-1], "A" + cursor, cursor.replace(":", "", 1), "x" * 300):
        answer = client.get("/api/v1/articles", {"cursor": bad})
        assert answer.status_code == 400, bad
        assert answer.json()["errors"][0]["field"] == "cursor"


def test_the_zone_filter(client, public_zone):
    inside = ArticlePageFactory(parent=public_zone)
    ArticlePageFactory(parent=ZonePageFactory(audience="public"))
    answer = client.get("/api/v1/articles", {"zone": public_zone.slug})
    assert [item["id"] for item in answer.json()["items"]] == [str(inside.uuid)]
    answer = client.get("/api/v1/articles", {"zone": "nowhere"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_zone")


@pytest.mark.parametrize(
    "query", ["fields=*", "order=audience", "search=a", "audience=hcp", "format=json", "ordering=x"]
)
def test_filters_that_are_not_offered_are_refused(client, query):
    answer = client.get(f"/api/v1/articles?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == query.split("=", maxsplit=1)[0]


def test_an_article_takes_no_parameters(client, public_zone):
    golden_article(public_zone)
    assert client.get(f"/api/v1/articles/{ARTICLE_ID}?full=1").status_code == 400


def test_lists_cost_the_same_for_one_article_and_for_twenty(django_assert_num_queries, public_zone):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            article_list(Access(AnonymousUser()), {"limit": 100})
        return len(queries)

    ArticlePageFactory(parent=public_zone)
    one = cost()
    for _ in range(19):
        ArticlePageFactory(parent=ZonePageFactory())
    assert cost() == one


def test_builders_give_the_site_what_the_api_sends(client, public_zone):
    golden_article(public_zone)
    answer = article_answer(Access(AnonymousUser()), head_of(ARTICLE_ID))
    assert answer.data == client.get(f"/api/v1/articles/{ARTICLE_ID}").json()
    assert article_list(Access(UserFactory())).data["items"][0]["readable"] is True
    with override("en"):
        assert article_list(Access(AnonymousUser())).cache_control == "private, no-store"

"""The smaller resources: the account, the zones, search, and the API about itself."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.problem_kinds import KINDS
from search.errors import SearchUnavailable
from search.sync import sync
from tests.api.golden import assert_golden, assert_shape
from tests.api.test_gate import assert_problem
from tests.api.whole_article import CANARY, WORD, golden_article, golden_zone
from tests.factories.bodies import paragraph
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.gate import UserFactory, admitted_reader, gated_zone, verification_in

pytestmark = pytest.mark.django_db


def cost(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


# --- account ------------------------------------------------------------------------------------


def test_me(client):
    user = UserFactory()
    zone, other = gated_zone(), ZonePageFactory(audience="public")
    client.force_login(user)
    verification_in("rejected", user)
    answer = client.get("/api/v1/me")
    assert_shape(answer.json(), "Account")
    assert answer["Cache-Control"] == "private, no-store"
    body = answer.json()
    assert (body["id"], body["email"]) == (str(user.uuid), user.email)
    assert {one["slug"]: one["reason"] for one in body["zones"]} == {
        zone.slug: "agreement_required",
        other.slug: "public",
    }
    assert body["verification"]["state"] == "rejected"
    assert str(user.pk) not in (body["id"], body["verification"]["id"])


def test_me_costs_the_same_for_one_zone_and_for_ten(client):
    client.force_login(UserFactory())
    gated_zone("agreement")
    cost(client, "/api/v1/me")
    one = cost(client, "/api/v1/me")
    for _ in range(9):
        gated_zone("agreement")
    assert cost(client, "/api/v1/me") == one


# --- zones --------------------------------------------------------------------------------------


def test_zones(client, golden):
    golden_article()
    answer = client.get("/api/v1/zones")
    assert_golden(golden, "zones", answer.json(), "ZoneList")
    assert answer["Cache-Control"] == "public, max-age=60"
    zone = client.get("/api/v1/zones/cell-therapy")
    assert zone.json() == answer.json()["items"][0]
    assert CANARY not in answer.content.decode()


def test_a_zone_that_is_not_published_is_not_there(client):
    zone = golden_zone()
    zone.unpublish()
    assert client.get("/api/v1/zones").json() == {"items": []}
    assert_problem(client.get(f"/api/v1/zones/{zone.slug}"), 404, "not_found")


@pytest.mark.parametrize("address", ["/api/v1/zones/%s", "/api/v1/gate/zones/%s", "/zones/%s/"])
def test_a_zone_is_not_looked_for_under_a_name_that_no_database_takes(client, address):
    zone = ZonePageFactory(audience="public")
    assert client.get(address % zone.slug).status_code == 200
    assert client.get(address % f"{zone.slug}%00").status_code == 404


def test_a_chinese_slug(client):
    ZonePageFactory(slug="细胞治疗")
    assert client.get("/api/v1/zones/细胞治疗").status_code == 200


def test_zones_cost_the_same_for_one_and_for_ten(client):
    ZonePageFactory()
    one = cost(client, "/api/v1/zones")
    for _ in range(9):
        ArticlePageFactory(parent=ZonePageFactory())
    assert cost(client, "/api/v1/zones") == one


# --- search -------------------------------------------------------------------------------------


def test_search(client, golden):
    golden_article()
    sync()
    answer = client.get("/api/v1/search", {"q": "输注后监测"})
    assert_golden(golden, "search", answer.json(), "SearchPage")
    assert answer["Cache-Control"] == "private, no-store"


def test_gated_words_are_found_by_those_who_may_read_them_only(client):
    zone = gated_zone("agreement", "verification")
    golden_article(zone)
    sync()
    nothing = client.get("/api/v1/search", {"q": WORD}).json()
    assert (nothing["total"], nothing["pages"], nothing["items"]) == (0, 0, [])
    client.force_login(UserFactory())
    assert client.get("/api/v1/search", {"q": WORD}).json()["total"] == 0
    client.force_login(admitted_reader(zone))
    found = client.get("/api/v1/search", {"q": WORD}).json()
    assert found["total"] == 1
    assert found["items"][0]["readable"] is True
    assert f"<mark>{WORD}</mark>{CANARY}" in found["items"][0]["excerpt_html"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "  "}, "q"),
        ({"q": "长" * 100_000}, "q"),
        ({"q": "a\x00"}, "q"),
        ({"q": "a", "size": 10**9}, "size"),
        ({"q": "a", "size": 0}, "size"),
        ({"q": "a", "page": 0}, "page"),
        ({"q": "a", "page": 1000, "size": 50}, "page"),
        ({"q": "a", "zone": "nowhere"}, "zone"),
    ],
)
def test_searches_that_are_refused_by_name(client, query, field):
    problem = assert_problem(client.get("/api/v1/search", query), 400, "invalid_parameter")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["errors"][0]["message"]


@pytest.mark.parametrize("query", ["*", "脾*", '"脾', "title:脾", "a AND (b", "\\", "~", "脾 OR 脾=脾", "😀"])
def test_engine_syntax_is_text(client, query):
    golden_article()
    sync()
    answer = client.get("/api/v1/search", {"q": query})
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.json()["total"] == 0


def test_marks_are_the_only_markup_of_an_excerpt(client):
    zone = ZonePageFactory(audience="public")
    ArticlePageFactory(parent=zone, title="<script>癌</script> & 治疗", body=[paragraph("&lt;b&gt;癌症治疗")])
    sync()
    (hit,) = client.get("/api/v1/search", {"q": "治疗"}).json()["items"]
    assert hit["title_html"] == "&lt;script&gt;癌&lt;/script&gt; &amp; <mark>治疗</mark>"
    assert "<b>" not in hit["excerpt_html"]


def test_an_engine_that_is_down_is_a_503_that_says_when_to_come_back(client, monkeypatch):
    def down(request):
        raise SearchUnavailable("http://10.0.0.7:9200 refused")

    monkeypatch.setattr("api.search.find", down)
    answer = client.get("/api/v1/search", {"q": "肺"})
    assert_problem(answer, 503, "unavailable")
    assert answer["Retry-After"]
    assert b"10.0.0.7" not in answer.content


def test_search_costs_the_same_for_one_hit_and_for_ten(client):
    zone = ZonePageFactory(audience="public")
    ArticlePageFactory(parent=zone)
    sync()
    client.get("/api/v1/search?q=摘要")
    one = cost(client, "/api/v1/search?q=摘要")
    for _ in range(9):
        ArticlePageFactory(parent=zone)
    sync()
    assert client.get("/api/v1/search?q=摘要").json()["total"] == 10
    assert cost(client, "/api/v1/search?q=摘要") == one


# --- the API about itself -----------------------------------------------------------------------


def test_every_type_of_problem_can_be_read(client):
    listed = client.get("/api/v1/problems").json()
    assert_shape(listed, "ProblemKindList")
    assert {item["code"] for item in listed["items"]} == set(KINDS)
    for item in listed["items"]:
        answer = client.get(item["type"])
        assert_shape(answer.json(), "ProblemKind")
        assert answer.json() == item
    assert_problem(client.get("/api/v1/problems/nonsense"), 404, "not_found")


def test_the_docs_load_nothing_from_elsewhere(client):
    answer = client.get("/api/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "//" not in text.replace("<!doctype", "").replace("</", "")
    assert "<script>" not in text
    assert " style=" not in text
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]


def test_the_schema_is_the_document(client):
    answer = client.get("/api/v1/schema")
    assert answer.json()["openapi"].startswith("3.1")
    assert answer["Cache-Control"] == "public, max-age=60"

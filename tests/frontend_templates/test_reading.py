"""Home, zones and articles, whole and locked."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.api.whole_article import ARTICLE_ID, CANARY, golden_article, golden_zone
from tests.factories.bodies import gate_line, paragraph, section
from tests.factories.cms import ArticlePageFactory, ContributorFactory, ZonePageFactory
from tests.factories.gate import UserFactory, admitted_reader, gated_zone
from tests.frontend_templates.pages import get, main_of, screen, soup

pytestmark = pytest.mark.django_db
ARTICLE = f"/articles/{ARTICLE_ID}/"


def test_home_lists_zones_and_articles(client):
    article = golden_article()
    main = main_of(get(client, "/"))
    assert main.find("a", href="/zones/cell-therapy/")
    assert main.find("a", href=ARTICLE).text.strip() == article.title
    assert "for verified professionals" in main.text
    assert CANARY not in main.text


def test_an_empty_home_says_so(client):
    main = main_of(get(client, "/"))
    assert len(main.select(".empty")) == 2
    assert not main.select(".entries")


def test_a_zone_without_articles_leads_on(client):
    ZonePageFactory(slug="leer", audience="public")
    main = main_of(get(client, "/zones/leer/"))
    assert main.select_one(".empty a")["href"] == "/"


def test_a_zone_is_paged_by_its_cursor(client):
    zone = ZonePageFactory(slug="viel", audience="public")
    for number in range(21):
        ArticlePageFactory(parent=zone, title=f"第{number}篇")
    first = main_of(get(client, "/zones/viel/"))
    assert len(first.select(".entries > li")) == 20
    second = main_of(get(client, "/zones/viel/" + first.select_one(".pager a")["href"]))
    assert len(second.select(".entries > li")) == 1
    assert not second.select(".pager")
    titles = {link.text.strip() for link in first.select("h3 a") + second.select("h3 a")}
    assert len(titles) == 21


@pytest.mark.parametrize(
    "path", ["/zones/none/", "/zones/cell-therapy/?cursor=x", f"/articles/{ARTICLE_ID}/"]
)
def test_what_is_not_there_is_a_404_in_our_look(client, path):
    golden_zone()
    response = get(client, path)
    assert response.status_code == 404
    assert screen(response) == "404"


def test_a_withdrawn_article_is_gone(client):
    article = golden_article()
    assert get(client, ARTICLE).status_code == 200
    article.unpublish()
    assert get(client, ARTICLE).status_code == 404


def test_a_locked_article_shows_the_teaser_and_explains_the_gate(client):
    golden_article(gated_zone(slug="cell-therapy"))
    response = get(client, ARTICLE)
    main = main_of(response)
    assert CANARY not in response.content.decode()
    assert main.h1.text.strip() == "输注后第一周的监测"
    assert len(main.select(".locked .gate li")) == 5
    assert "5 steps left, about 10 min." in main.select_one(".locked").text
    links = [link["href"] for link in main.select(".locked .pair a")]
    assert [link.split("?")[0] for link in links] == ["/accounts/login/", "/accounts/signup/"]


def test_the_gate_leads_back_to_the_last_paragraph_shown(client):
    zone = gated_zone("agreement", slug="digestive")
    body = [
        section("一", paragraph("引言"), section("二", paragraph("最后一段", name="last"))),
        gate_line(),
        paragraph(CANARY),
    ]
    article = ArticlePageFactory(parent=zone, body=body)
    client.force_login(UserFactory())
    main = main_of(get(client, f"/articles/{article.uuid}/"))
    last = main.select(".prose")[-1]
    assert last.text.strip() == "最后一段"
    link = main.select_one(".locked .pair a")["href"]
    assert link == f"/gate/digestive/?next=%2Farticles%2F{article.uuid}%2F%23{last['id']}"


def test_a_whole_article_shows_every_block(client):
    zone = gated_zone("agreement", "verification", slug="cell-therapy")
    golden_article(zone)
    client.force_login(admitted_reader(zone))
    response = get(client, ARTICLE)
    main = main_of(response)
    assert response["Cache-Control"] == "private, no-store"
    assert not main.select(".locked")
    headings = [heading.text for heading in main.select("article h2, article h3")]
    assert [heading[:6] for heading in headings[:2]] == ["一、监测金丝", "（一）二级金"]
    assert [label.text for label in main.select("figcaption .label")] == ["图1", "图2", "图3"]
    shown, _second, lost = main.select("figure")
    image = shown.img
    assert image["srcset"].endswith(" 1200w")
    assert image["alt"]
    assert image["width"] == "1200"
    assert shown.a["href"].endswith("/1600")
    assert "Picture not available" in lost.text
    assert not lost.img
    assert CANARY in lost.figcaption.text
    assert "示例医院" in lost.figcaption.text
    assert main.select_one(".steps .count").text == "1"
    assert main.select_one(".scroll")["tabindex"] == "0"
    assert main.select_one(".callout")["data-tone"] == "warning"
    assert main.select_one(".key li").text.endswith(CANARY)
    links = [link["href"] for link in main.select(".references a")]
    assert links == ["https://doi.org/10.1000/182", "https://pubmed.ncbi.nlm.nih.gov/12345/"]
    assert "Translation" in main.select_one(".byline .flag").text
    assert "示例学会" in main.select("aside")[-1].text


def test_references_in_the_text_lead_to_their_figures(client):
    zone = gated_zone("agreement", "verification", slug="cell-therapy")
    golden_article(zone)
    client.force_login(admitted_reader(zone))
    main = main_of(get(client, ARTICLE))
    ids = {tag["id"] for tag in main.find_all(id=True)}
    inside = [link["href"][1:] for link in main.select("article a[href^='#'], .toc a[href^='#']")]
    assert len(inside) >= 4
    assert set(inside) <= ids


@pytest.mark.parametrize("audience", ["public", "hcp"])
def test_what_machines_read_is_the_teaser(client, audience):
    golden_article(golden_zone(audience=audience))
    page = soup(get(client, ARTICLE))
    data = json.loads(page.find("script", type="application/ld+json").text)
    assert data["headline"] == "输注后第一周的监测"
    assert data["isAccessibleForFree"] is (audience == "public")
    meta = " ".join(tag.get("content", "") for tag in page.find_all("meta"))
    assert "体温、血压与神经系统评估的时间安排。" in meta
    assert CANARY not in meta + json.dumps(data, ensure_ascii=False)


def test_titles_cannot_leave_the_json_or_the_page(client):
    author = ContributorFactory(name='</script><script>alert("x")</script>')
    zone = ZonePageFactory(audience="public")
    article = ArticlePageFactory(parent=zone, title="<b>a</b></script><img src=x>", authors=[author])
    page = soup(get(client, f"/articles/{article.uuid}/"))
    assert [tag.get("type") or tag.get("src") for tag in page.find_all("script")].count(None) == 0
    assert not page.find("img", src="x")
    assert json.loads(page.find("script", type="application/ld+json").text)["headline"] == article.title


@pytest.mark.parametrize(
    ("audience", "signed_in", "caching"),
    [
        ("public", False, "private, no-cache"),
        ("public", True, "private, no-store"),
        ("registered", False, "private, no-store"),
        ("hcp", False, "private, no-store"),
    ],
)
def test_no_shared_cache_keeps_a_page(client, audience, signed_in, caching):
    golden_article(golden_zone(audience=audience))
    if signed_in:
        client.force_login(UserFactory())
    response = get(client, ARTICLE)
    assert response["Cache-Control"] == caching
    assert {"Cookie", "Accept-Language"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_only_read(client, method):
    golden_article()
    assert getattr(client, method)(ARTICLE).status_code == 405


def test_the_preview_shows_a_whole_document_without_a_gate(client):
    zone = gated_zone("agreement", "verification", slug="cell-therapy")
    golden_article(zone)
    client.force_login(admitted_reader(zone))
    document = client.get(f"/api/v1/articles/{ARTICLE_ID}").json()
    request = RequestFactory().get("/admin/pages/1/edit/preview/")
    page = render_to_string(
        "frontend_templates/article.html", {"article": document, "preview": True}, request
    )
    assert "preview-bar" in page
    assert CANARY in page
    assert 'rel="canonical"' not in page


def test_a_list_costs_the_same_for_one_article_and_for_ten(client):
    zone = ZonePageFactory(audience="hcp", slug="z")
    ArticlePageFactory(parent=zone)
    for path in ("/", "/zones/z/"):
        client.get(path)
    before = {path: _cost(client, path) for path in ("/", "/zones/z/")}
    for _ in range(9):
        ArticlePageFactory(parent=zone)
    assert {path: _cost(client, path) for path in before} == before


def _cost(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)

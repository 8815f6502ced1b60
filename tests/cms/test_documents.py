"""The JSON of articles: golden documents, what stays behind the gate, and what it costs."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms import documents
from cms.models import ArticlePage, Publication, XinglinImage
from tests.factories.bodies import (
    callout,
    figure,
    gate_line,
    key_points,
    paragraph,
    references,
    section,
    steps,
    table,
)
from tests.factories.cms import ArticlePageFactory, ContributorFactory, XinglinImageFactory, ZonePageFactory

pytestmark = pytest.mark.django_db
ARTICLE = UUID("11111111-1111-4111-8111-111111111111")
IMAGE = UUID("22222222-2222-4222-8222-222222222222")


def full(article: ArticlePage) -> dict:
    return json.loads(documents.build(article).full)


def body_of(*body, **facts) -> list[dict]:
    return full(ArticlePageFactory(published=False, body=list(body), **facts))["body"]


def every_block() -> ArticlePage:
    image = XinglinImageFactory(uuid=IMAGE)
    # What Pillow writes differs between its builds.
    XinglinImage.objects.update(file_hash="5" * 40)
    return ArticlePageFactory(
        uuid=ARTICLE,
        parent=ZonePageFactory(title="肿瘤专区", slug="oncology", audience="registered"),
        title="肺结节的随访",
        slug="nodule",
        summary="何时复查，何时手术。",
        date=date(2026, 11, 23),
        audience="hcp",
        originality="republished",
        source_organisation="示例医学中心",
        source_url="https://example.org/nodule",
        source_permission="经授权转载",
        authors=[
            ContributorFactory(name="林青", title="主任医师", affiliation="示例医院"),
            ContributorFactory(kind="organisation", name="示例协作组", title="", affiliation=""),
        ],
        body=[
            key_points("多数结节是良性的", "按[表:risk]分层", name="points"),
            paragraph(
                "[图:ct]与[表:risk]，CO<sub>2</sub>，<a href='https://example.org'>原文</a>", name="intro"
            ),
            gate_line(name="gate"),
            section(
                "随访",
                paragraph("如[图:ct]所示。", name="follow-up"),
                section("影像", figure("ct", image=image.pk, name="ct"), name="imaging"),
                section(
                    "流程", steps(("测量", "取最大径"), ("比较", "与旧片比"), name="steps"), name="process"
                ),
                name="care",
            ),
            section(
                "分层",
                table(
                    "risk",
                    [["风险", "直径", None], [None, "下限", "上限"], ["低", "0", "6"]],
                    merges=[(0, 0, 2, 1), (0, 1, 1, 2)],
                    head_rows=2,
                    note="单位：毫米",
                    name="risk",
                ),
                figure("lost", caption="手术所见", name="lost"),
                callout("孕妇慎用", tone="warning", title="注意", name="warning"),
                name="risks",
            ),
            references(
                {
                    "text": "示例. 肺结节指南. 2026.",
                    "doi": "10.1000/182",
                    "pmid": "123",
                    "url": "https://example.org",
                },
                name="literature",
            ),
        ],
    )


def test_the_golden_article(golden):
    said = documents.build(every_block())
    golden("tests/contracts/article_full.json", json.loads(said.full))
    golden("tests/contracts/article_public.json", json.loads(said.public))
    golden("tests/contracts/article_teaser.json", json.loads(said.teaser))


def test_the_ledger_holds_exactly_these_texts():
    article = every_block()
    said = documents.build(article)
    row = Publication.objects.get(article_id=article.uuid)
    assert (row.teaser, row.public_document, row.full_document) == (said.teaser, said.public, said.full)
    assert row.digest == documents.digest(
        str(article.uuid), str(article.zone.pk), said.teaser, said.public, said.full
    )


def test_nothing_of_the_gated_part_is_in_the_public_documents():
    canary = "金丝雀"
    article = ArticlePageFactory(
        body=[
            paragraph("公开，见[图:canary]、[表:canary-t]、[图:open]"),
            figure("open"),
            gate_line(),
            paragraph(canary),
            section(canary, paragraph(canary), section(canary, steps((canary, canary)))),
            figure("canary", caption=canary, alt=canary, source=canary, licence=canary),
            table("canary-t", rows=[[canary], [canary]], caption=canary, note=canary),
            callout(canary, title=canary),
            key_points(canary),
            references({"text": canary, "doi": "10.1000/canary"}),
        ]
    )
    said = documents.build(article)
    assert canary in said.full
    for text in (said.teaser, said.public):
        assert canary not in text
        assert "canary" not in text
    public = json.loads(said.public)
    assert public["body"][0]["html"] == '<p>公开，见图2、表1、<a href="#fig-open">图1</a></p>'
    assert [block["type"] for block in public["body"]] == ["paragraph", "figure"]
    assert public["contents"] == []
    assert public["figures_total"] == 2


def test_without_a_gate_line_nothing_of_the_body_is_public():
    said = documents.build(ArticlePageFactory(body=[paragraph("正文"), section("节", paragraph("文"))]))
    public = json.loads(said.public)
    assert (public["body"], public["contents"]) == ([], [])


def test_for_everyone_the_public_document_is_the_full_one_despite_a_gate_line():
    zone = ZonePageFactory(audience="public")
    said = documents.build(ArticlePageFactory(parent=zone, body=[gate_line(), paragraph("正文")]))
    assert said.public == said.full
    assert "正文" in said.public


@pytest.mark.parametrize(
    ("zone", "own", "effective"),
    [
        ("public", "", "public"),
        ("public", "hcp", "hcp"),
        ("hcp", "public", "hcp"),
        ("hcp", "registered", "hcp"),
        ("registered", "hcp", "hcp"),
        ("registered", "public", "registered"),
    ],
)
def test_an_article_tightens_its_zone_and_never_widens_it(zone, own, effective):
    article = ArticlePageFactory(parent=ZonePageFactory(audience=zone), audience=own)
    assert full(article)["audience"] == effective


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<p><a href="javascript:x()">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="data:text/html,x">a</a></p>', "<p><a>a</a></p>"),
        ('<p><img src="x" onerror="y()">a</p>', "<p>a</p>"),
        ('<p><a linktype="page" id="999999">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a linktype="document" id="1">a</a></p>', "<p><a>a</a></p>"),
        ("<p>1 < 2 &amp; x<sup>2</sup></p>", "<p>1 &lt; 2 &amp; x<sup>2</sup></p>"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>", ""),
    ],
)
def test_rich_text_is_cleaned(html, clean):
    assert body_of(paragraph(html))[0]["html"] == clean


def test_a_link_between_articles_names_the_identity_and_not_the_slug():
    target = ArticlePageFactory()
    block = body_of(paragraph(f'<p><a id="{target.pk}" linktype="page">另文</a></p>'))[0]
    assert block["html"] == f'<p><a href="/articles/{target.uuid}/">另文</a></p>'


@pytest.mark.parametrize(
    ("width", "offered"),
    [(300, [(400, 300)]), (400, [(400, 400)]), (1000, [(400, 400), (800, 800), (1600, 1000)]),
     (4000, [(400, 400), (800, 800), (1600, 1600)])],
)  # fmt: skip
def test_a_picture_is_offered_no_wider_than_it_is(width, offered):
    image = XinglinImageFactory(size=(width, 30))
    article = ArticlePageFactory(published=False, body=[figure("a", image=image.pk)])
    shown = full(article)["body"][0]["image"]
    base = f"/api/v1/articles/{article.uuid}/images/{image.uuid}"
    assert shown["srcset"] == [{"url": f"{base}/{name}", "width": real} for name, real in offered]
    assert (shown["url"], shown["width"]) == (f"{base}/800", width)


def test_an_english_article_counts_in_english(db):
    from wagtail.models import Locale

    article = ArticlePageFactory(
        published=False,
        locale=Locale.objects.create(language_code="en"),
        body=[section("Care", section("Surgery", figure("a"), paragraph("see [figure:a]")))],
    )
    outer = full(article)["body"][0]
    assert (outer["number"], outer["body"][0]["number"]) == ("1", "1.1")
    assert outer["body"][0]["body"][0]["label"] == "Figure 1"
    assert outer["body"][0]["body"][1]["html"] == '<p>see <a href="#fig-a">Figure 1</a></p>'


def test_anchors_and_ids_stay_when_blocks_change_places():
    article = ArticlePageFactory(
        published=False, body=[section("甲", paragraph("一")), section("乙", paragraph("二"))]
    )
    before = {block["heading"]: (block["id"], block["anchor"]) for block in full(article)["body"]}
    article.body.insert(0, article.body.pop(1))
    article.save()
    after = full(ArticlePage.objects.get(pk=article.pk))["body"]
    assert {block["heading"]: (block["id"], block["anchor"]) for block in after} == before
    assert [block["number"] for block in after] == ["一", "二"]


def test_reading_time_counts_what_is_read():
    assert full(ArticlePageFactory(body=[paragraph("字")]))["reading_minutes"] == 1
    long = [section("节", paragraph("字" * 390), paragraph("word " * 230)), references({"text": "字" * 4000})]
    assert full(ArticlePageFactory(body=long))["reading_minutes"] == 2


def test_building_costs_the_same_for_one_figure_and_for_twenty():
    zone, author = ZonePageFactory(), ContributorFactory()
    images = [XinglinImageFactory() for _ in range(20)]
    links = [ArticlePageFactory(parent=zone) for _ in range(2)]

    def cost(count: int) -> int:
        linked = "".join(f'<a linktype="page" id="{links[n % 2].pk}">文</a>' for n in range(count))
        parts = [section(f"节{n}", figure(f"f{n}", image=images[n].pk), table(f"t{n}")) for n in range(count)]
        page = ArticlePageFactory(
            parent=zone,
            published=False,
            authors=[author, *(ContributorFactory() for _ in range(count))],
            body=[paragraph(f"<p>{linked}</p>"), *parts, *(figure(image=images[n].pk) for n in range(count))],
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            said = documents.build(ArticlePage.objects.select_related("locale").get(pk=page.pk))
        assert json.loads(said.full)["figures_total"] == 2 * count
        return len(queries)

    assert cost(1) == cost(20)

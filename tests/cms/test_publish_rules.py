"""What publishing demands, and the place that each problem names."""

from __future__ import annotations

import pytest
from django.utils import translation

from cms.models import ArticlePage, Publication
from cms.publish_rules import PublishRefused, problems
from tests.factories.bodies import callout, figure, gate_line, paragraph, section, steps, table
from tests.factories.cms import ArticlePageFactory, XinglinImageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def found(*body, **facts) -> list[tuple[str, str]]:
    draft = ArticlePageFactory(published=False, body=list(body), **facts)
    return [(problem.place, problem.code) for problem in problems(draft)]


def test_a_complete_article_has_no_problem():
    assert found(paragraph("见[图:a]与[表:b]"), figure("a"), section("甲", table("b"))) == []


@pytest.mark.parametrize(
    ("gap", "code"),
    [
        ("alt", "figure_alt_missing"),
        ("source", "figure_source_missing"),
        ("licence", "figure_licence_missing"),
    ],
)
def test_a_figure_needs_alt_source_and_licence(gap, code):
    assert found(figure("a"), section("甲", paragraph("正文")), section("乙", figure("b", **{gap: " "}))) == [
        ("Section 二 › 图2", code)
    ]


def test_a_figure_takes_its_rights_from_its_image():
    image = XinglinImageFactory(default_alt="替代", source="来源", licence="CC-BY-4.0")
    assert found(figure("a", image=image.pk, alt="", source="", licence="")) == []


def test_a_figure_without_picture_must_be_marked_so():
    assert found(figure("a", missing=False)) == [("图1", "figure_image_missing")]


def test_the_place_goes_down_through_nested_sections():
    body = section("治疗", section("手术", section("准备", paragraph("见[图:x]"))))
    assert found(body) == [("Section 一 › （一）手术 › 1 准备 › block 1 (Paragraph)", "unknown_reference")]


@pytest.mark.parametrize("originality", ["republished", "translated"])
def test_what_is_not_ours_names_its_source(originality):
    assert found(paragraph("正文"), originality=originality) == [("Origin", "source_missing")]
    assert found(paragraph("正文"), originality=originality, source_organisation="示例中心") == []


@pytest.mark.parametrize(
    "block",
    [
        paragraph("见[图:x]"),
        steps(("一步", "见[表:x]")),
        callout("正文", title="[图:x]"),
        callout("见[图：x]"),
        figure("a", caption="同[图:x]"),
        table("a", note="见[表:x]"),
        table("a", rows=[["甲"], ["[图:x]"]]),
        section("[图:x]", paragraph("正文")),
    ],
)
def test_a_reference_to_nothing_is_found_wherever_it_stands(block):
    assert [code for _, code in found(block)] == ["unknown_reference"]


def test_equal_keys_are_a_problem_of_the_second_and_only_within_a_kind():
    assert found(figure("a"), table("a"), figure("a")) == [("图2", "duplicate_key")]


def test_other_gaps():
    assert found() == [("Body", "body_empty")]
    assert found(gate_line()) == [("Body", "body_empty")]
    assert found(section(" ", paragraph("正文"))) == [("Section 一", "heading_missing")]
    assert found(table("a", rows=[["", None]])) == [("表1", "table_empty")]


def test_the_message_names_the_place_in_chinese(settings):
    draft = ArticlePageFactory(
        published=False, body=[section("甲", paragraph("正文")), section("乙", figure(), figure("b", alt=""))]
    )
    with translation.override("zh-hans"):
        assert [str(problem) for problem in problems(draft)] == ["第二节 › 图2：缺少替代文字"]


def by_revision(draft):
    draft.get_latest_revision().publish()


def by_saving(draft):
    draft.live = True
    draft.save()


def by_adding(draft):
    live = ArticlePage(title="新", slug="new", body=draft.body, live=True)
    draft.get_parent().add_child(instance=live)


@pytest.mark.parametrize("way", [by_revision, by_saving, by_adding])
def test_publishing_in_code_is_refused_and_leaves_a_draft(way):
    draft = ArticlePageFactory(published=False, body=[figure("a", alt="")])
    with pytest.raises(PublishRefused) as refusal:
        way(draft)
    assert refusal.value.messages == ["图1: the alternative text is missing"]
    assert [problem.code for problem in refusal.value.problems] == ["figure_alt_missing"]
    assert not ArticlePage.objects.filter(live=True).exists()
    assert not Publication.objects.exists()


def test_a_live_article_whose_edit_is_refused_stays_as_it_was():
    article = ArticlePageFactory(title="旧题")
    article.title = "新题"
    article.body = [("figure", {"caption": "无替代文字"})]
    with pytest.raises(PublishRefused):
        article.save_revision().publish()
    page = ArticlePage.objects.get(pk=article.pk)
    assert (page.title, page.live) == ("旧题", True)
    assert Publication.objects.count() == 1

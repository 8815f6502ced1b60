"""The admin's edit form: publishing is refused beside the field, saving never is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cms.models import ArticlePage, Publication
from tests.cms.page_form import post_data
from tests.factories.bodies import figure, paragraph, section
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


@pytest.fixture
def incomplete():
    return ArticlePageFactory(
        published=False,
        body=[
            paragraph("引言"),
            section("甲", paragraph("正文")),
            section("乙", section("丙", figure("a", alt=""))),
        ],
    )


def post(admin, page, **buttons):
    return admin.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), post_data(page) | buttons)


def test_an_incomplete_draft_is_saved(admin, incomplete):
    before = incomplete.revisions.count()
    assert post(admin, incomplete).status_code == 302
    assert incomplete.revisions.count() == before + 1


@pytest.mark.parametrize("button", ["action-publish", "action-submit"])
def test_publishing_and_submitting_are_refused_with_the_place(admin, incomplete, button):
    response = post(admin, incomplete, **{button: "1"})
    assert response.status_code == 200
    form = response.context["form"]
    assert "第二节 › （一）丙 › 图1：缺少替代文字" in form.non_field_errors()
    error = form.errors["body"].as_data()[0].as_json_data()
    at_figure = error["blockErrors"][2]["blockErrors"]["body"]["blockErrors"][0]["blockErrors"]["body"]
    assert at_figure["blockErrors"] == {0: {"blockErrors": {"alt": {"messages": ["缺少替代文字"]}}}}
    page = ArticlePage.objects.get(pk=incomplete.pk)
    assert not page.live
    assert page.current_workflow_state is None


def test_a_field_of_the_page_shows_its_own_problem(admin):
    draft = ArticlePageFactory(published=False, originality="translated")
    response = post(admin, draft, **{"action-publish": "1"})
    assert list(response.context["form"].errors) == ["source_organisation", "__all__"]


def test_an_empty_body_says_so(admin):
    draft = ArticlePageFactory(published=False, body=[])
    response = post(admin, draft, **{"action-publish": "1"})
    assert response.context["form"].errors["body"].as_data()[0].as_json_data() == {"messages": ["还没有正文"]}


def test_a_complete_article_is_published(admin):
    draft = ArticlePageFactory(published=False, body=[section("甲", figure("a"))])
    assert post(admin, draft, **{"action-publish": "1"}).status_code == 302
    assert Publication.objects.get(article_id=draft.uuid).kind == "published"


def test_the_edit_screen_renders_every_block(admin):
    from tests.factories import bodies

    draft = ArticlePageFactory(
        published=False,
        body=[
            bodies.paragraph("正文"),
            bodies.steps(("一", "二")),
            bodies.key_points("要点"),
            bodies.callout("注意"),
            bodies.figure(),
            bodies.table(merges=[(0, 0, 1, 2)]),
            bodies.references({"text": "文献"}),
            bodies.gate_line(),
        ],
    )
    assert admin.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).status_code == 200


def test_a_copy_that_would_publish_an_incomplete_article_is_refused_in_words(admin):
    article = ArticlePageFactory()
    # Something published before the rules became stricter.
    ArticlePage.objects.filter(pk=article.pk).update(originality="translated")
    response = admin.post(
        reverse("wagtailadmin_pages:copy", args=[article.pk]),
        {
            "new_title": "副本",
            "new_slug": "copy",
            "new_parent_page": article.get_parent().pk,
            "publish_copies": "on",
        },
        follow=True,
    )
    assert response.status_code in (200, 404)
    assert ArticlePage.objects.count() == 1
    texts = [str(message) for message in response.context["messages"]] if response.context else []
    assert any("来源" in text or "Origin" in text for text in texts)

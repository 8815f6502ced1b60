"""Xinglin's part of the admin: no privacy controls, previews, addresses, actions."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from cms import atomic_actions, selectors
from cms.templatetags.cms_admin import audience_of
from tests.factories.bodies import figure, paragraph, section
from tests.factories.cms import (
    ArticlePageFactory,
    ContributorFactory,
    XinglinImageFactory,
    ZonePageFactory,
    home,
)
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_the_dashboard_counts_articles(admin):
    ArticlePageFactory()
    ArticlePageFactory(published=False)
    content = admin.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 篇已发布文章" in content
    assert "1 篇有未发布的改动" in content


def test_the_edit_screen_says_the_audience_and_offers_no_privacy(admin):
    article = ArticlePageFactory(parent=ZonePageFactory(audience="registered"))
    content = admin.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert "注册读者" in content
    assert reverse("wagtailadmin_pages:set_privacy", args=[article.pk]) not in content


def test_privacy_cannot_be_set_another_way(admin):
    article = ArticlePageFactory()
    admin.post(
        reverse("wagtailadmin_pages:set_privacy", args=[article.pk]),
        {"restriction_type": "login", "password": "", "groups": []},
    )
    assert not PageViewRestriction.objects.exists()
    for restriction in (
        PageViewRestriction(page=article, restriction_type="login"),
        CollectionViewRestriction(collection=Collection.objects.get(depth=1), restriction_type="login"),
    ):
        with pytest.raises(PermissionDenied):
            restriction.save()


def test_collections_offer_no_privacy(admin):
    root = Collection.objects.get(depth=1)
    one = root.add_child(name="图库")
    response = admin.get(reverse("wagtailadmin_collections:edit", args=[one.pk]))
    assert response.status_code == 200
    assert reverse("wagtailadmin_collections:set_privacy", args=[one.pk]) not in response.content.decode()


def test_documents_are_not_in_the_menu_and_contributors_are(admin):
    content = admin.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("wagtaildocs:index") not in content
    assert reverse("wagtailsnippets_cms_contributor:list") in content


def test_contributors_are_listed(admin):
    ContributorFactory(name="林青")
    response = admin.get(reverse("wagtailsnippets_cms_contributor:list"))
    assert "林青" in response.content.decode()


def test_addresses_in_the_admin_are_those_of_the_reader_site(settings):
    settings.XINGLIN_BASE_URL = "https://reader.example.org/"
    zone = ZonePageFactory(slug="lung")
    article = ArticlePageFactory(parent=zone)
    assert article.full_url == f"https://reader.example.org/articles/{article.uuid}/"
    assert zone.full_url == "https://reader.example.org/zones/lung/"
    assert home().full_url == "https://reader.example.org/"


def test_the_preview_shows_the_draft_in_the_readers_template(settings):
    image = XinglinImageFactory()
    live = ArticlePageFactory(title="旧题")
    draft = live.get_latest_revision_as_object()
    draft.title = "草稿题"
    draft.body = draft.body.stream_block.to_python(
        [section("节", figure("a", image=image.pk), paragraph("见[图:x]"))]
    )
    request = RequestFactory().get("/")
    response = draft.serve_preview(request, "")
    assert response.template_name == settings.XINGLIN_PREVIEW_TEMPLATE
    shown = response.context_data["article"]
    assert response.context_data["preview"] is True
    assert (shown["title"], shown["locked"]) == ("草稿题", None)
    assert list(shown)[:3] == ["id", "title", "slug"]
    # The gate knows no drafts, so an editor's pictures come from the admin's own files.
    assert shown["body"][0]["body"][0]["image"]["url"].startswith(settings.MEDIA_URL)
    assert shown["body"][0]["body"][1]["html"] == "<p>见图?</p>"


def test_a_new_article_can_be_previewed_before_it_is_saved(settings):
    from cms.models import ArticlePage

    zone = ZonePageFactory(audience="registered")
    new = ArticlePage(title="新", slug="new")
    parent_page = zone
    new.path = ArticlePage._get_path(parent_page.path, parent_page.depth + 1, 1)
    new.depth = parent_page.depth + 1
    new.locale = parent_page.locale
    shown = new.serve_preview(RequestFactory().get("/"), "").context_data["article"]
    assert (shown["zone"]["slug"], shown["audience"]) == (zone.slug, "registered")


def test_the_audience_shown_is_the_one_in_effect():
    zone = ZonePageFactory(audience="registered")
    assert audience_of(ArticlePageFactory(parent=zone)) == "registered"
    assert audience_of(ArticlePageFactory(parent=zone, audience="hcp")) == "hcp"
    assert audience_of(zone) == "registered"
    assert audience_of(home()) is None


def test_every_page_action_of_wagtail_is_atomic():
    from wagtail import actions

    wrapped = {cls.__name__ for cls in atomic_actions.action_classes() if "execute" in vars(cls)}
    assert {
        "PublishRevisionAction",
        "UnpublishPageAction",
        "MovePageAction",
        "DeletePageAction",
        "CopyPageAction",
        "CreatePageAliasAction",
    } <= wrapped
    for cls in atomic_actions.action_classes():
        if "execute" in vars(cls):
            assert getattr(cls.execute, atomic_actions._DONE), cls
    assert actions.PublishPageRevisionAction.execute is actions.PublishRevisionAction.execute


def test_lists_are_newest_first_and_cost_one_query(django_assert_num_queries):
    zone = ZonePageFactory()
    old = ArticlePageFactory(parent=zone, date="2026-01-01")
    new = ArticlePageFactory(parent=zone, date="2026-02-01")
    same_day = ArticlePageFactory(parent=zone, date="2026-02-01")
    ArticlePageFactory(parent=zone, published=False)
    with django_assert_num_queries(1):
        heads = [(head.article_id, head.publication.teaser) for head in selectors.live_heads()]
    assert [article for article, _ in heads] == [same_day.uuid, new.uuid, old.uuid]


def test_only_published_zones_are_listed():
    zone, hidden = ZonePageFactory(), ZonePageFactory()
    hidden.unpublish()
    assert list(selectors.live_zones()) == [zone]

"""The page and its publication commit together or not at all, whichever way a page changes.

Real transactions, because a failing one must be rolled back by the code and not by the test.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction, UnpublishBulkAction
from wagtail.models import Page

from cms import publishing
from cms.models import ArticlePage, Contributor, Publication, PublicationHead, ZonePage
from tests.factories.cms import ArticlePageFactory, ContributorFactory, ZonePageFactory
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


class LedgerBroke(RuntimeError):
    pass


@pytest.fixture
def broken_ledger(monkeypatch):
    """Call it to make every later append fail after the row was written: the worst moment."""

    def fail(publication):
        raise LedgerBroke

    return lambda: monkeypatch.setattr(publishing, "point_head_at", fail)


@pytest.fixture
def admin(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def rows() -> int:
    assert PublicationHead.objects.count() <= Publication.objects.count()
    return Publication.objects.count()


def by_revision(draft, admin):
    draft.get_latest_revision().publish()


def by_saving(draft, admin):
    draft.live = True
    draft.save()


def by_alias(draft, admin):
    draft.live = True
    draft.create_alias(parent=ZonePageFactory())


def by_bulk_action(draft, admin):
    PublishBulkAction.execute_action([draft])


def by_admin_view(draft, admin):
    # The form is not the subject here; the view's own button is pressed on an unchanged draft.
    from tests.cms.page_form import post_data

    admin.post(
        reverse("wagtailadmin_pages:edit", args=[draft.pk]), post_data(draft) | {"action-publish": "1"}
    )


def on_schedule(draft, admin):
    revision = draft.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()
    call_command("publish_scheduled")


@pytest.mark.parametrize("way", [by_revision, by_saving, by_bulk_action, by_admin_view, on_schedule])
def test_a_page_does_not_go_live_without_its_row(way, broken_ledger, admin):
    draft = ArticlePageFactory(published=False)
    broken_ledger()
    with pytest.raises(LedgerBroke):
        way(draft, admin)
    page = fresh(draft)
    assert not page.live
    assert page.live_revision is None
    assert page.has_unpublished_changes
    assert rows() == 0


@pytest.mark.parametrize("way", [by_revision, by_bulk_action, by_admin_view])
def test_the_same_ways_publish_where_the_ledger_is_whole(way, admin):
    draft = ArticlePageFactory(published=False)
    way(draft, admin)
    assert fresh(draft).live
    assert rows() == 1


def test_an_edit_of_a_live_article_is_taken_back_whole(broken_ledger):
    article = ArticlePageFactory(title="旧题")
    article.title = "新题"
    revision = article.save_revision()
    broken_ledger()
    with pytest.raises(LedgerBroke):
        revision.publish()
    assert fresh(article).title == "旧题"
    assert rows() == 1


@pytest.mark.parametrize(
    "way",
    [
        lambda page: page.unpublish(),
        lambda page: Page.objects.get(pk=page.pk).unpublish(),
        lambda page: UnpublishBulkAction.execute_action([page]),
        lambda page: page.get_parent().specific.unpublish(),
        lambda page: page.delete(),
        lambda page: page.get_parent().delete(),
        lambda page: page.move(ZonePageFactory(slug="target"), pos="last-child"),
    ],
    ids=["unpublish", "base", "bulk", "zone", "delete", "delete zone", "move"],
)
def test_a_page_does_not_change_without_its_row(way, broken_ledger):
    article = ArticlePageFactory()
    zone, path = article.get_parent(), article.path
    broken_ledger()
    with pytest.raises(LedgerBroke):
        way(article)
    page = fresh(article)
    assert page.live
    assert page.path == path
    assert Page.objects.get(pk=zone.pk).live
    assert Page.objects.get(pk=zone.pk).numchild == 1
    assert Page.find_problems() == ([], [], [], [], [])
    assert rows() == 1


def test_an_expiry_does_not_happen_without_its_row(broken_ledger):
    article = ArticlePageFactory()
    ArticlePage.objects.update(expire_at=timezone.now() - timedelta(minutes=1))
    broken_ledger()
    with pytest.raises(LedgerBroke):
        call_command("publish_scheduled")
    assert fresh(article).live
    assert not fresh(article).expired


def test_an_alias_is_not_made_without_its_row(broken_ledger):
    article = ArticlePageFactory()
    target = ZonePageFactory()
    broken_ledger()
    with pytest.raises(LedgerBroke):
        article.create_alias(parent=target)
    assert ArticlePage.objects.count() == 1
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_zone_does_not_open_without_its_rows(broken_ledger):
    article = ArticlePageFactory(parent=ZonePageFactory(audience="hcp"))
    zone = article.zone
    zone.audience = "public"
    revision = zone.save_revision()
    broken_ledger()
    with pytest.raises(LedgerBroke):
        revision.publish()
    assert ZonePage.objects.get(pk=zone.pk).audience == "hcp"
    assert Publication.objects.get().audience == "hcp"


def test_a_contributor_is_not_renamed_without_the_rows(broken_ledger):
    author = ContributorFactory(name="旧名")
    ArticlePageFactory(authors=[author])
    author.name = "新名"
    broken_ledger()
    with pytest.raises(LedgerBroke):
        author.save()
    assert Contributor.objects.get().name == "旧名"

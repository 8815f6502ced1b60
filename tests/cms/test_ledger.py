"""Each way a page can change, and the ledger afterwards."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from wagtail.models import Page

from cms import selectors
from cms.models import ArticlePage, LedgerHead, Publication, PublicationHead, XinglinImage, ZonePage
from cms.models.publications import LedgerIsAppendOnly
from cms.signals import publication_recorded
from tests.factories.bodies import figure, gate_line, paragraph
from tests.factories.cms import (
    ArticlePageFactory,
    ContributorFactory,
    XinglinImageFactory,
    ZonePageFactory,
    picture,
)

pytestmark = pytest.mark.django_db


def kinds(article: ArticlePage) -> list[str]:
    rows = Publication.objects.filter(article_id=article.uuid).order_by("sequence")
    return list(rows.values_list("kind", flat=True))


def full(article: ArticlePage) -> dict:
    return json.loads(PublicationHead.objects.get(pk=article.uuid).publication.full_document)


def republish(article: ArticlePage, **changes) -> None:
    page = article.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_a_draft_is_not_in_the_ledger():
    draft = ArticlePageFactory(published=False)
    assert kinds(draft) == []
    assert selectors.head_of(draft.uuid) is None


def test_publishing_appends_one_row_with_the_facts_of_the_article():
    zone = ZonePageFactory(audience="registered", slug="lung")
    article = ArticlePageFactory(parent=zone, audience="hcp", title="肺结节")
    row = Publication.objects.get(article_id=article.uuid)
    assert (row.kind, row.page_id, row.zone_id, row.zone_slug) == ("published", article.pk, zone.pk, "lung")
    assert (row.audience, row.locale, row.title, row.date) == ("hcp", "zh-hans", "肺结节", article.date)
    assert row.revision_id == article.live_revision_id
    head = selectors.head_of(article.uuid)
    assert (head.publication, head.sequence, head.live, head.zone_slug) == (row, row.sequence, True, "lung")


def test_saying_the_same_again_appends_nothing():
    article = ArticlePageFactory()
    article.save_revision().publish()
    article.save()
    assert kinds(article) == ["published"]


def test_a_change_appends_and_the_old_row_stays_as_it_was():
    article = ArticlePageFactory(title="旧题")
    republish(article, title="新题")
    first, second = Publication.objects.filter(article_id=article.uuid).order_by("sequence")
    assert json.loads(first.teaser)["title"] == "旧题"
    assert json.loads(second.teaser)["title"] == "新题"
    assert PublicationHead.objects.get(pk=article.uuid).publication == second


def test_saving_a_draft_of_a_live_article_changes_nothing_that_readers_see():
    article = ArticlePageFactory(title="旧题")
    draft = article.get_latest_revision_as_object()
    draft.title = "草稿题"
    draft.save_revision()
    assert kinds(article) == ["published"]
    assert full(article)["title"] == "旧题"


@pytest.mark.parametrize("through", ["specific", "base"])
def test_unpublishing_withdraws_with_empty_documents(through):
    article = ArticlePageFactory()
    page = article if through == "specific" else Page.objects.get(pk=article.pk)
    page.unpublish()
    assert kinds(article) == ["published", "withdrawn"]
    row = Publication.objects.get(article_id=article.uuid, kind="withdrawn")
    assert (row.teaser, row.public_document, row.full_document) == ("", "", "")
    assert selectors.head_of(article.uuid) is None


def test_publishing_again_after_a_withdrawal_says_published():
    article = ArticlePageFactory()
    article.unpublish()
    ArticlePage.objects.get(pk=article.pk).save_revision().publish()
    assert kinds(article) == ["published", "withdrawn", "published"]


def test_deleting_withdraws():
    article = ArticlePageFactory()
    article.delete()
    assert kinds(article) == ["published", "withdrawn"]


def test_deleting_a_zone_withdraws_its_articles():
    zone = ZonePageFactory()
    articles = [ArticlePageFactory(parent=zone) for _ in range(2)]
    ZonePage.objects.get(pk=zone.pk).delete()
    assert [kinds(article) for article in articles] == [["published", "withdrawn"]] * 2
    assert not selectors.live_heads().exists()


def test_moving_an_article_says_its_new_zone():
    article = ArticlePageFactory(parent=ZonePageFactory(audience="public"))
    target = ZonePageFactory(audience="hcp", slug="target")
    article.move(target, pos="last-child")
    assert kinds(article) == ["published", "moved"]
    head = selectors.head_of(article.uuid)
    assert (head.zone_id, head.zone_slug, head.audience) == (target.pk, "target", "hcp")
    assert full(article)["zone"] == {"slug": "target", "title": target.title}


def test_reordering_within_a_zone_says_nothing():
    zone = ZonePageFactory()
    first, second = ArticlePageFactory(parent=zone), ArticlePageFactory(parent=zone)
    second.move(first, pos="left")
    assert kinds(second) == ["published"]


def test_narrowing_a_zone_records_its_articles_as_audience_changed():
    zone = ZonePageFactory(audience="public")
    article, tight = ArticlePageFactory(parent=zone), ArticlePageFactory(parent=zone, audience="hcp")
    zone.audience = "hcp"
    zone.save_revision().publish()
    assert kinds(article) == ["published", "audience_changed"]
    assert selectors.head_of(article.uuid).audience == "hcp"
    assert "正文需通过门禁" not in selectors.head_of(article.uuid).publication.public_document
    assert kinds(tight) == ["published"]


def test_renaming_a_zone_records_its_articles_again():
    zone = ZonePageFactory()
    article = ArticlePageFactory(parent=zone)
    zone.title = "新专区"
    zone.save_revision().publish()
    assert kinds(article) == ["published", "rerecorded"]
    assert full(article)["zone"]["title"] == "新专区"


@pytest.mark.parametrize("through", ["specific", "base"])
def test_an_unpublished_zone_withdraws_and_a_published_one_brings_back(through):
    zone = ZonePageFactory()
    article, draft = ArticlePageFactory(parent=zone), ArticlePageFactory(parent=zone, published=False)
    (zone if through == "specific" else Page.objects.get(pk=zone.pk)).unpublish()
    assert kinds(article) == ["published", "withdrawn"]
    ZonePage.objects.get(pk=zone.pk).save_revision().publish()
    assert kinds(article) == ["published", "withdrawn", "published"]
    assert kinds(draft) == []


def test_a_zone_whose_summary_changes_says_nothing_of_its_articles():
    zone = ZonePageFactory()
    article = ArticlePageFactory(parent=zone)
    zone.summary = "另一段简介"
    zone.save_revision().publish()
    assert kinds(article) == ["published"]


def test_renaming_a_contributor_records_the_articles_that_name_them():
    author = ContributorFactory(name="旧名")
    named, other = ArticlePageFactory(authors=[author]), ArticlePageFactory()
    author.name = "新名"
    author.save()
    assert kinds(named) == ["published", "rerecorded"]
    assert [who["name"] for who in full(named)["byline"]] == ["新名"]
    assert kinds(other) == ["published"]


def test_replacing_a_picture_records_the_articles_that_show_it_though_its_size_is_the_same():
    image = XinglinImageFactory(colour="teal")
    article = ArticlePageFactory(body=[figure("a", image=image.pk)])
    before = full(article)["body"][0]["image"]
    image.file = ContentFile(picture("maroon"), name="other.png")
    image.save()
    after = full(article)["body"][0]["image"]
    assert kinds(article) == ["published", "rerecorded"]
    assert after["hash"] != before["hash"]
    assert after["url"] == before["url"]


def test_deleting_a_picture_leaves_the_figure_as_not_available():
    image = XinglinImageFactory()
    article = ArticlePageFactory(body=[figure("a", image=image.pk, missing=False)])
    XinglinImage.objects.get(pk=image.pk).delete()
    assert kinds(article) == ["published", "rerecorded"]
    shown = full(article)["body"][0]
    assert (shown["image"], shown["available"], shown["caption"]) == (None, False, "肺部CT所见")


def test_renaming_a_zone_that_is_linked_to_records_the_linking_article():
    zone = ZonePageFactory(slug="old")
    article = ArticlePageFactory(body=[paragraph(f'<p><a linktype="page" id="{zone.pk}">专区</a></p>')])
    assert full(article)["body"][0]["html"] == '<p><a href="/zones/old/">专区</a></p>'
    zone.slug = "new"
    zone.save_revision().publish()
    assert full(article)["body"][0]["html"] == '<p><a href="/zones/new/">专区</a></p>'


def test_an_alias_is_an_article_of_its_own_that_follows_the_original():
    article = ArticlePageFactory(title="旧题")
    alias = article.create_alias(parent=ZonePageFactory(), update_slug="alias")
    assert alias.uuid != article.uuid
    assert kinds(alias) == ["published"]
    republish(article, title="新题")
    alias = ArticlePage.objects.get(pk=alias.pk)
    assert (alias.title, kinds(alias)) == ("新题", ["published", "published"])
    ArticlePage.objects.get(pk=article.pk).unpublish()
    assert kinds(alias)[-1] == "withdrawn"


def test_a_copy_is_an_article_of_its_own():
    article = ArticlePageFactory()
    copy = article.copy(update_attrs={"slug": "copy"}, to=ZonePageFactory())
    assert copy.uuid != article.uuid
    assert kinds(copy) == ["published"]
    copy.get_latest_revision().publish()
    assert ArticlePage.objects.get(pk=copy.pk).uuid == copy.uuid


def test_an_old_revision_keeps_the_identity_of_its_page():
    article = ArticlePageFactory()
    revision = article.get_latest_revision()
    revision.content["uuid"] = str(ZonePageFactory().uuid)
    assert revision.as_object().uuid == article.uuid


def test_scheduled_publishing_and_expiry_reach_the_ledger():
    article = ArticlePageFactory(published=False)
    article.go_live_at = timezone.now() + timedelta(hours=1)
    article.expire_at = timezone.now() + timedelta(hours=2)
    revision = article.save_revision()
    revision.publish()
    assert kinds(article) == []
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert kinds(article) == ["published"]
    ArticlePage.objects.filter(pk=article.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")
    assert kinds(article) == ["published", "withdrawn"]


def test_the_signal_brings_the_row_and_a_receiver_that_fails_takes_it_back():
    heard = []

    def receiver(publication, **kwargs):
        heard.append(publication.title)
        if publication.title == "坏":
            raise RuntimeError("the outbox is full")

    publication_recorded.connect(receiver)
    try:
        good = ArticlePageFactory(title="好")
        bad = ArticlePageFactory(title="坏", published=False)
        with pytest.raises(RuntimeError, match="outbox"):
            bad.get_latest_revision().publish()
    finally:
        publication_recorded.disconnect(receiver)
    assert heard == ["好", "坏"]
    assert kinds(good) == ["published"]
    assert kinds(bad) == []
    assert not ArticlePage.objects.get(pk=bad.pk).live


def test_the_model_refuses_to_change_or_remove_a_row():
    ArticlePageFactory()
    row = Publication.objects.get()
    for act in (row.save, row.delete, Publication.objects.all().delete):
        with pytest.raises(LedgerIsAppendOnly):
            act()
    with pytest.raises(LedgerIsAppendOnly):
        Publication.objects.update(title="改")


@pytest.mark.parametrize(
    "statement", ["UPDATE cms_publication SET title = 'x'", "DELETE FROM cms_publication"]
)
def test_the_database_refuses_to_change_or_remove_a_row(statement):
    article = ArticlePageFactory(body=[paragraph("甲"), gate_line()])
    PublicationHead.objects.all().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Publication.objects.get().title == article.title


def test_sequences_are_gapless_here_and_the_head_row_knows_the_last():
    article = ArticlePageFactory()
    republish(article, title="第二版")
    ArticlePageFactory()
    sequences = list(Publication.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == [1, 2, 3]
    with transaction.atomic():
        assert LedgerHead.lock() == 3

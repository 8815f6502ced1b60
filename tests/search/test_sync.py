"""Ledger -> outbox -> index: every change arrives, and no message makes the index outdo the ledger."""

from __future__ import annotations

import uuid
from contextlib import contextmanager

import pytest
from django.db import transaction

from cms.models import ArticlePage, PublicationHead
from search import outbox
from search.engines.base import Applied
from search.errors import IndexUnusable, SearchUnavailable
from search.locks import index_lock
from search.models import OutboxEntry
from search.sync import sync
from tests.factories.bodies import gate_line, paragraph
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.search import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(engine, django_capture_on_commit_callbacks):
    """Runs what a commit would run: the background task indexes."""

    @contextmanager
    def committed():
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return committed


def body(open_text="引言", gated_text="秋水仙碱"):
    return [paragraph(open_text), gate_line(), paragraph(gated_text)]


def key(article):
    head = PublicationHead.objects.get(pk=article.uuid)
    return f"{head.zone_id}:{head.audience}"


def change(article, **changes):
    page = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_publishing_reaches_the_index_after_commit(engine, published):
    with published():
        article = ArticlePageFactory(title="痛风", body=body())
        assert OutboxEntry.objects.filter(article_id=article.uuid).exists()
    assert not OutboxEntry.objects.exists()
    assert [hit.id for hit in ask(engine, "痛风").hits] == [str(article.uuid)]
    assert ask(engine, "秋水仙碱").total == 0
    assert ask(engine, "秋水仙碱", key(article)).total == 1


def test_unpublishing_and_deleting_remove(engine, published):
    with published():
        first, second = ArticlePageFactory(title="痛风一"), ArticlePageFactory(title="痛风二")
    with published():
        ArticlePage.objects.get(pk=first.pk).unpublish()
        ArticlePage.objects.get(pk=second.pk).delete()
    assert ask(engine, "痛风").total == 0
    assert list(engine.inventory()) == []


def test_moving_takes_the_article_to_the_new_zone(engine, published):
    here, there = ZonePageFactory(slug="here"), ZonePageFactory(slug="there")
    with published():
        article = ArticlePageFactory(parent=here, body=body())
    with published():
        ArticlePage.objects.get(pk=article.pk).move(there, pos="last-child")
    assert ask(engine, "秋水仙碱", f"{here.pk}:hcp").total == 0
    assert ask(engine, "秋水仙碱", f"{there.pk}:hcp", zone_slug="there").total == 1
    assert ask(engine, "秋水仙碱", f"{there.pk}:hcp", zone_slug="here").total == 0


def test_tightening_the_audience_closes_the_text(engine, published):
    zone = ZonePageFactory(audience="public")
    with published():
        article = ArticlePageFactory(parent=zone, body=body())
    assert ask(engine, "秋水仙碱").total == 1
    with published():
        change(article, audience="hcp")
    assert ask(engine, "秋水仙碱").total == 0
    assert ask(engine, "秋水仙碱", f"{zone.pk}:hcp").total == 1


def test_closing_a_zone_closes_all_its_articles(engine, published):
    zone = ZonePageFactory(audience="public")
    with published():
        ArticlePageFactory(parent=zone, body=body())
        ArticlePageFactory(parent=zone, body=body())
    with published():
        zone.audience = "hcp"
        zone.save_revision().publish()
    assert ask(engine, "秋水仙碱").total == 0
    assert ask(engine, "秋水仙碱", f"{zone.pk}:hcp").total == 2


def test_a_rolled_back_publication_leaves_no_news(engine):
    with transaction.atomic():
        ArticlePageFactory()
        assert OutboxEntry.objects.exists()
        transaction.set_rollback(True)
    assert not OutboxEntry.objects.exists()


def test_an_article_is_withheld_until_its_change_is_indexed(engine, published):
    with published():
        article = ArticlePageFactory()
    assert outbox.withheld_articles() == frozenset()
    ArticlePage.objects.get(pk=article.pk).unpublish()  # committed elsewhere, not indexed yet
    assert outbox.withheld_articles() == {str(article.uuid)}
    sync()
    assert outbox.withheld_articles() == frozenset()


def test_stale_doubled_and_reordered_messages_are_harmless(engine, published):
    with published():
        live, gone = ArticlePageFactory(title="痛风新"), ArticlePageFactory(title="痛风旧")
    with published():
        ArticlePage.objects.get(pk=gone.pk).unpublish()
    for article, kind, sequence in [
        (live, "withdrawn", 1),
        (gone, "published", 2),
        (gone, "published", 2),
        (live, "published", 99),
        (live, "withdrawn", 1),
    ]:
        OutboxEntry.objects.create(article_id=article.uuid, kind=kind, sequence=sequence)
    OutboxEntry.objects.create(article_id=uuid.uuid4(), kind="published", sequence=5)
    assert sync().waiting == 0
    assert [hit.id for hit in ask(engine, "痛风").hits] == [str(live.uuid)]
    assert dict(engine.inventory()) == {str(live.uuid): PublicationHead.objects.get(pk=live.uuid).sequence}


class Refusing:
    """An engine that refuses one document, or everything."""

    def __init__(self, inner, refuse=frozenset(), error=None):
        self.inner, self.refuse, self.error = inner, refuse, error

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def apply(self, write, remove):
        if self.error:
            raise self.error
        write = list(write)
        applied = self.inner.apply([each for each in write if each.id not in self.refuse], remove)
        failed = {each.id: "refused" for each in write if each.id in self.refuse}
        return Applied(applied.written, applied.removed, failed)


def test_one_bad_document_does_not_stop_the_others(embedded):
    bad, good = ArticlePageFactory(title="痛风坏"), ArticlePageFactory(title="痛风好")
    sync()
    for article in (bad, good):
        change(article, summary="改过了")
    report = sync(Refusing(embedded, {str(bad.uuid)}))
    assert (report.written, report.waiting) == (1, 1)
    waiting = OutboxEntry.objects.get()
    assert (waiting.article_id, waiting.attempts, waiting.last_error) == (bad.uuid, 1, "refused")
    assert str(good.uuid) in [hit.id for hit in ask(embedded, "改过").hits]
    assert sync().waiting == 0
    assert ask(embedded, "改过").total == 2


def test_an_engine_that_does_not_answer_loses_nothing(embedded):
    ArticlePageFactory(title="痛风")
    with pytest.raises(SearchUnavailable):
        sync(Refusing(embedded, error=SearchUnavailable("down")))
    entry = OutboxEntry.objects.get()
    assert (entry.attempts, entry.last_error) == (1, "down")
    assert sync().waiting == 0
    assert ask(embedded, "痛风").total == 1


def test_a_failing_index_does_not_fail_the_publication(embedded, published, monkeypatch):
    monkeypatch.setattr("search.sync.get_engine", lambda: Refusing(embedded, error=SearchUnavailable("down")))
    with published():
        article = ArticlePageFactory()
    assert PublicationHead.objects.get(pk=article.uuid).live
    assert OutboxEntry.objects.filter(article_id=article.uuid).count() == 1


def test_a_missing_index_is_built_by_the_next_sync(engine):
    ArticlePageFactory(title="痛风")
    OutboxEntry.objects.all().delete()  # an older installation, whose index was deleted
    ArticlePageFactory(title="痛风")
    with pytest.raises(IndexUnusable):
        ask(engine, "痛风")
    assert sync().written == 2
    assert ask(engine, "痛风").total == 2


def test_while_the_index_is_busy_news_waits(embedded, monkeypatch, settings):
    monkeypatch.setattr("search.sync.WAIT", 0.0)
    ArticlePageFactory()
    with index_lock():
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            assert sync().waiting == 1
    assert sync().waiting == 0

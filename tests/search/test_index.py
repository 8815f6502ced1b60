"""The whole index at once: fresh name, one swap, nothing left behind by an error."""

from __future__ import annotations

import threading

import pytest
from django.core.management import CommandError, call_command

from cms.models import Publication, PublicationHead
from search import drift
from search.errors import IndexBusy
from search.index import rebuild
from search.locks import file_lock
from search.models import OutboxEntry
from search.sync import sync
from tests.factories.cms import ArticlePageFactory
from tests.factories.search import ask, document

pytestmark = pytest.mark.django_db


def test_a_rebuild_holds_every_live_article_and_no_other(engine):
    live = [ArticlePageFactory(title="痛风") for _ in range(3)]
    ArticlePageFactory(title="痛风").unpublish()
    applied = rebuild(engine)
    assert applied.written == 3
    assert {name for name, _ in engine.inventory()} == {str(article.uuid) for article in live}
    assert not OutboxEntry.objects.exists()


def test_an_error_leaves_the_old_index_in_use_and_drops_the_new_one(engine, monkeypatch):
    ArticlePageFactory(title="痛风")
    rebuild(engine)
    ArticlePageFactory(title="痛风")
    made, discarded = [], []
    monkeypatch.setattr(
        engine, "create", lambda name, create=engine.create: (made.append(name), create(name))
    )
    monkeypatch.setattr(
        engine, "discard", lambda name, discard=engine.discard: (discarded.append(name), discard(name))
    )

    def broken(heads, failed):
        yield document("痛风")
        raise RuntimeError("the ledger broke off")

    with monkeypatch.context() as broken_ledger:
        broken_ledger.setattr("search.index.documents", broken)
        with pytest.raises(RuntimeError, match="broke off"):
            rebuild(engine)
    assert made == discarded
    assert len(made) == 1
    assert ask(engine, "痛风").total == 1
    assert OutboxEntry.objects.exists()
    engine.create(made[0])  # the name is free again
    engine.discard(made[0])


def test_news_that_arrives_during_a_rebuild_is_kept(engine, monkeypatch):
    ArticlePageFactory(title="痛风")
    load = engine.load

    def load_and_publish(name, documents):
        applied = load(name, documents)
        ArticlePageFactory(title="痛风")
        return applied

    monkeypatch.setattr(engine, "load", load_and_publish)
    rebuild(engine)
    assert OutboxEntry.objects.count() == 1
    sync(engine)
    assert ask(engine, "痛风").total == 2


def test_updates_and_rebuilds_exclude_each_other(tmp_path):
    path, held, release = tmp_path / "lock", threading.Event(), threading.Event()

    def hold():
        with file_lock(path, 0):
            held.set()
            release.wait(5)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    with pytest.raises(IndexBusy), file_lock(path, 0.1):
        pass
    release.set()
    with file_lock(path, 5):
        pass
    holder.join()


def test_an_unreadable_ledger_row_is_left_out_and_named(embedded):
    good = ArticlePageFactory(title="痛风")
    head = PublicationHead.objects.get(pk=good.uuid)
    broken = Publication.objects.create(
        sequence=10_000,
        kind="published",
        article_id="00000000-0000-4000-8000-000000000001",
        page_id=1,
        zone_id=head.zone_id,
        zone_slug=head.zone_slug,
        audience="hcp",
        locale="zh-hans",
        title="坏",
        date=head.date,
        public_document="{half",
        full_document="{half",
        digest="0" * 64,
    )
    PublicationHead.objects.create(
        article_id=broken.article_id,
        publication=broken,
        live=True,
        zone_id=broken.zone_id,
        zone_slug=broken.zone_slug,
        audience="hcp",
        locale="zh-hans",
        title="坏",
        date=broken.date,
        sequence=broken.sequence,
    )
    applied = rebuild(embedded)
    assert (applied.written, list(applied.failed)) == (1, [str(broken.article_id)])
    with pytest.raises(CommandError, match=str(broken.article_id)):
        call_command("search_rebuild")


def test_drift_is_named_and_repaired(engine, capsys):
    missing, stale = ArticlePageFactory(title="痛风缺"), ArticlePageFactory(title="痛风旧")
    rebuild(engine)
    extra = document("痛风多", sequence=777)
    engine.apply([extra], [str(missing.uuid)])
    engine.apply([document("痛风旧", sequence=1, id=str(stale.uuid))], [])
    found = drift.compare(engine)
    assert found == drift.Drift(
        missing=frozenset({str(missing.uuid)}),
        stale=frozenset({str(stale.uuid)}),
        extra=frozenset({extra.id}),
        compared=3,
    )
    with pytest.raises(CommandError):
        call_command("search_drift")
    call_command("search_drift", "--repair")
    assert not drift.compare(engine)
    call_command("search_drift")
    assert ask(engine, "痛风").total == 2


def test_commands_on_a_fresh_installation(engine, capsys):
    with pytest.raises(CommandError):
        call_command("search_drift")
    ArticlePageFactory(title="痛风")
    call_command("search_sync")
    call_command("search_rebuild")
    call_command("search_drift")
    assert ask(engine, "痛风").total == 1

"""Two publishers at once, on real connections: the sequence is in commit order and nothing is missed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from cms.models import ArticlePage, Publication, PublicationHead, ZonePage
from tests.factories.cms import ArticlePageFactory, ZonePageFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def publish(page: ArticlePage) -> None:
    ArticlePage.objects.get(pk=page.pk).get_latest_revision().publish()


def test_this_runs_on_postgresql():
    assert connection.vendor == "postgresql"


def test_who_appends_second_waits_and_commits_second():
    first, second = (ArticlePageFactory(published=False) for _ in range(2))
    appended, committed = threading.Event(), []

    def slow() -> None:
        with transaction.atomic():
            publish(first)
            appended.set()
            # Long enough for the other to overtake, were it not made to wait.
            time.sleep(0.6)
            committed.append("first")

    def quick() -> None:
        appended.wait(5)
        publish(second)
        committed.append("second")

    threads = [in_thread(slow), in_thread(quick)]
    seen_too_early = None
    appended.wait(5)
    time.sleep(0.3)
    seen_too_early = Publication.objects.count()
    for thread in threads:
        thread.join(10)
    assert seen_too_early == 0
    assert committed == ["first", "second"]
    rows = Publication.objects.order_by("sequence").values_list("sequence", "article_id")
    assert list(rows) == [(1, first.uuid), (2, second.uuid)]


def test_a_follower_never_misses_a_row():
    drafts = [ArticlePageFactory(published=False) for _ in range(12)]
    seen: list[int] = []
    done = threading.Event()

    def follow() -> None:
        last = 0
        while True:
            finished = done.is_set()
            rows = Publication.objects.filter(sequence__gt=last).order_by("sequence")
            for sequence in rows.values_list("sequence", flat=True):
                seen.append(sequence)
                last = sequence
            if finished:
                return

    follower = in_thread(follow)
    workers = [in_thread(lambda part=drafts[n::3]: [publish(page) for page in part]) for n in range(3)]
    for worker in workers:
        worker.join(60)
    done.set()
    follower.join(10)
    assert seen == list(range(1, 13))


def test_an_article_published_while_its_zone_closes_is_not_left_open():
    zone = ZonePageFactory(audience="public")
    draft = ArticlePageFactory(parent=zone, published=False)
    closed = threading.Event()

    def close() -> None:
        with transaction.atomic():
            page = ZonePage.objects.get(pk=zone.pk)
            page.audience = "hcp"
            page.save()
            closed.set()
            time.sleep(0.5)

    def open_article() -> None:
        closed.wait(5)
        publish(draft)

    for thread in [in_thread(close), in_thread(open_article)]:
        thread.join(10)
    assert PublicationHead.objects.get(pk=draft.uuid).audience == "hcp"
    assert "正文需通过门禁" not in Publication.objects.get(article_id=draft.uuid).public_document


def test_the_same_article_published_twice_at_once_is_recorded_once():
    draft = ArticlePageFactory(published=False)
    barrier = threading.Barrier(2)

    def work() -> None:
        barrier.wait(5)
        publish(draft)

    for thread in [in_thread(work), in_thread(work)]:
        thread.join(10)
    assert Publication.objects.filter(article_id=draft.uuid).count() == 1

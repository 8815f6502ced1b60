"""The whole ledger can be made again from the live pages; doing so twice changes nothing."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from cms import publishing
from cms.models import ArticlePage, LedgerHead, Publication, PublicationHead, ZonePage
from cms.rebuilding import Rebuilt, rebuild
from tests.factories.bodies import figure
from tests.factories.cms import ArticlePageFactory, ZonePageFactory

pytestmark = pytest.mark.django_db


def snapshot() -> list[tuple]:
    return list(PublicationHead.objects.order_by("pk").values_list())


def lose_everything() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE cms_publicationhead, cms_publication")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'cms_publication_no_%'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute("DELETE FROM cms_publicationhead")
            cursor.execute("DELETE FROM cms_publication")
            for _, sql in triggers:
                cursor.execute(sql)
    LedgerHead.objects.all().delete()


def test_a_whole_ledger_is_left_alone():
    articles = [ArticlePageFactory() for _ in range(3)]
    articles[0].unpublish()
    before = snapshot()
    assert rebuild() == Rebuilt(articles=2, appended=0, withdrawn=0, heads=0)
    assert snapshot() == before
    assert Publication.objects.count() == 4


def test_a_lost_ledger_says_the_same_again():
    articles = [ArticlePageFactory() for _ in range(3)]
    ArticlePageFactory(published=False)
    said = dict(Publication.objects.values_list("article_id", "digest"))
    lose_everything()
    assert rebuild() == Rebuilt(articles=3, appended=3, withdrawn=0, heads=0)
    assert dict(Publication.objects.values_list("article_id", "digest")) == said
    assert set(Publication.objects.values_list("kind", flat=True)) == {"published"}
    assert {head.article_id for head in PublicationHead.objects.filter(live=True)} == {
        a.uuid for a in articles
    }
    assert rebuild() == Rebuilt(articles=3, appended=0, withdrawn=0, heads=0)


def test_lost_heads_are_pointed_at_the_last_rows():
    article, gone = ArticlePageFactory(), ArticlePageFactory()
    article.title = "第二版"
    article.save_revision().publish()
    gone.unpublish()
    before = snapshot()
    PublicationHead.objects.all().delete()
    assert rebuild() == Rebuilt(articles=1, appended=0, withdrawn=0, heads=2)
    assert snapshot() == before


BLANK: dict[str, Any] = {"BooleanField": False, "DateField": date(1900, 1, 1), "CharField": ""}
COLUMNS = [field for field in PublicationHead._meta.concrete_fields if not field.primary_key]


def test_every_column_of_a_head_is_computed_from_its_publication():
    article = ArticlePageFactory()
    columns = publishing.head_columns(Publication.objects.get(article_id=article.uuid))
    assert set(columns) == {field.attname for field in COLUMNS}


@pytest.mark.parametrize("column", [field for field in COLUMNS if not field.is_relation], ids=str)
def test_a_blank_column_is_filled(column):
    """As a migration leaves it that adds one to rows of before."""
    kept, blank = ArticlePageFactory(), ArticlePageFactory()
    before = snapshot()
    value = BLANK.get(column.get_internal_type(), -1)
    assert PublicationHead.objects.filter(pk=blank.uuid).update(**{column.attname: value}) == 1
    assert snapshot() != before
    assert rebuild() == Rebuilt(articles=2, appended=0, withdrawn=0, heads=1)
    assert snapshot() == before
    assert PublicationHead.objects.get(pk=kept.uuid).live


def test_what_went_around_the_ledger_is_caught_up():
    changed, vanished, closed = ArticlePageFactory(), ArticlePageFactory(), ArticlePageFactory()
    ArticlePage.objects.filter(pk=changed.pk).update(title="绕过")
    ArticlePage.objects.filter(pk=vanished.pk).update(live=False)
    ZonePage.objects.filter(pk=closed.zone.pk).update(live=False)
    result = rebuild()
    assert (result.articles, result.withdrawn) == (2, 1)
    kinds = {
        article.uuid: Publication.objects.filter(article_id=article.uuid).first().kind
        for article in (changed, vanished, closed)
    }
    assert list(kinds.values()) == ["rerecorded", "withdrawn", "withdrawn"]
    assert rebuild() == Rebuilt(articles=2, appended=0, withdrawn=0, heads=0)


def test_what_was_published_before_the_rules_became_stricter_is_kept():
    article = ArticlePageFactory(body=[figure("a")])
    ArticlePage.objects.filter(pk=article.pk).update(originality="translated")
    assert rebuild().appended == 1
    assert PublicationHead.objects.get(pk=article.uuid).live


def test_sequences_go_on_behind_the_last():
    ArticlePageFactory()
    LedgerHead.objects.all().delete()
    ArticlePageFactory()
    assert list(Publication.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2]
    LedgerHead.objects.update(sequence=0)
    rebuild()
    ArticlePageFactory(parent=ZonePageFactory())
    assert Publication.objects.first().sequence == 3


def test_the_command_says_what_it_did():
    ArticlePageFactory()
    out = StringIO()
    call_command("rebuild_publications", stdout=out)
    assert "1 live articles, 0 rows appended, 0 withdrawn, 0 current rows put right" in out.getvalue()

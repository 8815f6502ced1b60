"""`find`: what a reader gets, and what they never get."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.models import ArticlePage, PublicationHead
from search.errors import EmptyQuery, SearchUnavailable
from search.index import rebuild
from search.models import OutboxEntry, SynonymGroup
from search.requests import SearchRequest
from search.service import find
from search.sync import sync
from tests.factories.bodies import gate_line, paragraph, section
from tests.factories.cms import ArticlePageFactory, ZonePageFactory

pytestmark = pytest.mark.django_db

CANARY = "杏林金丝雀"


def article(title="痛风", open_text="引言", gated_text=CANARY, **changes):
    body = [paragraph(open_text), gate_line(), section("用药", paragraph(gated_text))]
    return ArticlePageFactory(title=title, body=body, **changes)


def scope_of(page):
    head = PublicationHead.objects.get(pk=page.uuid)
    return frozenset({f"{head.zone_id}:{head.audience}"})


def look(query, scope=frozenset(), **changes):
    return find(SearchRequest(query, scope, **changes))


def said(page):
    """Everything an answer says, as one comparable value."""
    return (
        page.total,
        [
            (hit.article_id, hit.sequence, hit.readable, hit.title.parts, hit.excerpt.parts)
            for hit in page.hits
        ],
    )


def test_the_canary_is_found_with_the_key_and_shown_marked(engine):
    page = article()
    sync()
    answer = look(CANARY, scope_of(page))
    assert answer.total == 1
    (hit,) = answer.hits
    assert (hit.article_id, hit.readable, hit.head.pk) == (page.uuid, True, page.uuid)
    assert hit.excerpt.parts == ((CANARY, True),)


def test_without_the_key_the_canary_is_nowhere(engine):
    article()
    other = ZonePageFactory()
    sync()
    for scope in (frozenset(), frozenset({f"{other.pk}:hcp", f"{other.pk}:public"})):
        assert said(look(CANARY, scope)) == (0, [])
        (hit,) = look("痛风", scope).hits
        assert not hit.readable
        assert CANARY not in hit.excerpt.text + hit.title.text


@given(words=st.lists(st.sampled_from(["痛风", "肺癌", CANARY, "PD-1", "用药"]), max_size=8))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_answer_does_not_depend_on_text_that_is_closed_to_the_reader(embedded, words):
    """Two readers' worlds that differ in closed text only: the answers are the same to the last excerpt."""
    if not ArticlePage.objects.exists():
        zone, own = ZonePageFactory(slug="closed"), ZonePageFactory(slug="own")
        for number in range(3):
            article(f"痛风{number}", "肺癌", "空白", parent=zone)
            article(f"肺癌{number}", "痛风", "PD-1", parent=own)
    own = ArticlePage.objects.filter(title="肺癌0").get().zone
    closed = ArticlePage.objects.filter(title="痛风1").get()
    queries = ["痛风", "肺癌 痛风", CANARY, "PD-1", "用药"]

    def world(text):
        page = closed.get_latest_revision_as_object()
        raw = [paragraph("肺癌"), gate_line(), section("用药", paragraph(text))]
        page.body = page.body.stream_block.to_python(raw)
        page.save_revision().publish()
        rebuild()
        return [
            (answer.total, [(hit.article_id, hit.title.parts, hit.excerpt.parts) for hit in answer.hits])
            for query in queries
            for answer in (look(query), look(query, frozenset({f"{own.pk}:hcp"})))
        ]

    assert world("空白") == world("，".join(words) or "没有")


def test_the_ledger_decides_when_the_index_is_behind(engine):
    """Nothing of a closed state is shown, though the index still holds it and the outbox entry was lost."""
    zone = ZonePageFactory(audience="public")
    page, withdrawn = article(parent=zone), article(parent=zone)
    sync()
    assert look(CANARY).total == 2
    changed = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    changed.audience = "hcp"
    changed.save_revision().publish()
    ArticlePage.objects.get(pk=withdrawn.pk).unpublish()
    assert said(look(CANARY)) == (0, [])  # withheld: the outbox knows
    OutboxEntry.objects.all().delete()
    assert said(look(CANARY)) == (0, [])  # checked: the ledger knows
    (hit,) = look("痛风").hits
    assert CANARY not in hit.excerpt.text
    sync()


def test_a_moved_article_does_not_answer_for_its_old_zone(engine):
    here, there = ZonePageFactory(slug="here"), ZonePageFactory(slug="there")
    page = article(parent=here)
    sync()
    page.move(there, pos="last-child")
    OutboxEntry.objects.all().delete()
    assert look("痛风", zone="here").total == 0
    assert look(CANARY, frozenset({f"{here.pk}:hcp"})).total == 0


def test_zone_filter_and_pages(engine):
    lung, heart = ZonePageFactory(slug="lung"), ZonePageFactory(slug="heart")
    for number in range(5):
        article(f"痛风{number}", parent=lung)
        article(f"痛风{number}", parent=heart)
    sync()
    first, last = look("痛风", zone="lung", size=3), look("痛风", zone="lung", size=3, page=2)
    assert (first.total, len(first.hits), len(last.hits)) == (5, 3, 2)
    assert {hit.head.zone_slug for hit in first.hits + last.hits} == {"lung"}
    assert len({hit.article_id for hit in first.hits + last.hits}) == 5


def test_only_reviewed_synonyms_widen_a_search_and_at_once(engine):
    SynonymGroup.objects.all().delete()
    article("痛风", "别嘌醇", "无")
    sync()
    group = SynonymGroup.objects.create(terms="别嘌醇\nallopurinol", reviewed=False)
    assert look("allopurinol").total == 0
    group.reviewed = True
    group.save()
    (hit,) = look("allopurinol").hits
    assert hit.excerpt.parts == (("别嘌醇", True),)


def test_the_number_of_queries_does_not_grow_with_the_hits(embedded, django_assert_num_queries):
    for number in range(20):
        article(f"痛风{number}")
    sync()
    with django_assert_num_queries(3):
        assert len(look("痛风", size=1).hits) == 1
    with django_assert_num_queries(3):
        assert len(look("痛风", size=20).hits) == 20


def test_a_query_without_words_is_the_callers_fault(embedded):
    with pytest.raises(EmptyQuery):
        look("***")


@pytest.mark.parametrize("damage", ["missing", "pointer", "meta", "slots", "version"])
def test_a_damaged_embedded_index_is_built_again(embedded, damage, caplog):
    article()
    sync()
    (folder,) = (path for path in embedded.path.iterdir() if path.is_dir())
    match damage:
        case "missing":
            embedded.drop()
        case "pointer":
            (embedded.path / f"{embedded.index}.current").write_text("../../etc")
        case "meta":
            (folder / "meta.json").write_text("{half")
        case "slots":
            (folder / "slots.json").unlink()
            (folder / "meta.json").touch()
        case "version":
            (folder / "slots.json").write_text('{"analysis": "0", "slots": {}}')
            (folder / "meta.json").touch()
    answer = look("痛风")
    assert answer.total == 1
    assert "search_index_unusable" in caplog.text
    assert look("痛风").total == 1


def test_an_engine_that_does_not_answer_is_named(settings):
    settings.XINGLIN_SEARCH = settings.XINGLIN_SEARCH | {
        "ENGINE": "search.engines.elasticsearch.ElasticsearchEngine",
        "URL": "http://127.0.0.1:9",
        "INDEX": "nobody",
    }
    with pytest.raises(SearchUnavailable) as error:
        look("痛风")
    assert error.value.code == "search_unavailable"

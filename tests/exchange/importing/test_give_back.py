"""All real files at once, published into a gated zone: the API, the site and both engines give them back."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from cms.selectors import live_heads
from search.index import rebuild
from tests.exchange.importing.samples import PAGE, SAMPLES, papers
from tests.factories.gate import admitted_reader, gated_zone
from tests.search.conftest import ELASTICSEARCH, EMBEDDED, use_engine

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]


@pytest.fixture
def reader(client, settings):
    """Signed in and admitted to the zone into which everything was imported."""
    settings.XINGLIN_API_RATES = {}
    zone = gated_zone(slug="papers")
    call_command(
        "import_articles", str(SAMPLES / "papers"), str(PAGE), zone=zone.slug, publish=True,
        licence="CC-BY-4.0", source="示例来源", verbosity=0,
    )  # fmt: skip
    client.force_login(admitted_reader(zone))
    return client


def test_every_file_is_given_back(reader, settings):
    heads = list(live_heads())
    assert len(heads) == len(papers()) + 1
    for head in heads:
        answer = reader.get(f"/api/v1/articles/{head.article_id}")
        assert answer.content.decode() == head.publication.full_document
        document = answer.json()
        assert document["locked"] is None
        assert document["contents"][0]["title"] in reader.get(document["path"]).content.decode()
    for path in (EMBEDDED, ELASTICSEARCH):
        engine = use_engine(settings, path)
        assert rebuild(engine).written == len(heads)
        missed = [head.title for head in heads if not found(reader, head)]
        engine.drop()
        assert missed == []


def found(reader, head) -> bool:
    answer = reader.get("/api/v1/search", {"q": head.title[:60], "size": 5}).json()
    return str(head.article_id) in [item["id"] for item in answer["items"]]

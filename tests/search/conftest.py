"""Engines for tests: each test has an index of its own, which is gone afterwards."""

from __future__ import annotations

import secrets

import pytest

from search.engines.base import Engine, get_engine

EMBEDDED = "search.engines.embedded.EmbeddedEngine"
ELASTICSEARCH = "search.engines.elasticsearch.ElasticsearchEngine"


def use_engine(settings, path: str) -> Engine:
    """The configured engine from now on, under an index name that nobody else uses."""
    settings.XINGLIN_SEARCH = settings.XINGLIN_SEARCH | {
        "ENGINE": path,
        "INDEX": f"xinglin-test-{secrets.token_hex(6)}",
    }
    if path == ELASTICSEARCH:
        assert settings.XINGLIN_SEARCH["URL"], "XINGLIN_TEST_ELASTICSEARCH_URL is not set"
    return get_engine()


@pytest.fixture(
    params=[
        pytest.param(EMBEDDED, id="embedded"),
        pytest.param(ELASTICSEARCH, id="elasticsearch", marks=pytest.mark.elasticsearch),
    ]
)
def engine(request, settings, own_var):
    engine = use_engine(settings, request.param)
    yield engine
    engine.drop()


@pytest.fixture
def embedded(settings, own_var):
    return use_engine(settings, EMBEDDED)

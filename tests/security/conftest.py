"""A world with one canary in it."""

from __future__ import annotations

import pytest

from search.sync import sync
from tests.api.whole_article import golden_article
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.gate import gated_zone
from tests.security.surfaces import World


@pytest.fixture
def world(db, settings):
    """A gated zone, its article with the canary, and a public article beside it; search has seen both."""
    settings.XINGLIN_API_RATES = {}
    zone = gated_zone(slug="cell-therapy", title="细胞治疗专区")
    article = golden_article(zone)
    ArticlePageFactory(parent=ZonePageFactory(audience="public"), title="公开文章")
    sync()
    return World(zone, article)

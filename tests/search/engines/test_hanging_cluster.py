"""An Elasticsearch that takes connections and never answers: a search gives up soon, the next at once."""

from __future__ import annotations

import socket
import time

import pytest

from search.engines import elasticsearch as module
from search.engines.base import EngineQuery
from search.engines.elasticsearch import PAUSE, SEARCH_TIMEOUT, ElasticsearchEngine, breaker_for
from search.errors import SearchUnavailable
from search.plan import plan_query

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def engine(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        yield ElasticsearchEngine(url=url, index="none", path=tmp_path)
        breaker_for.cache_clear()


def search(engine) -> float:
    started = time.monotonic()
    with pytest.raises(SearchUnavailable):
        engine.search(EngineQuery(plan_query("痛风", ()), frozenset()))
    return time.monotonic() - started


def test_one_search_waits_and_the_next_do_not(engine):
    assert SEARCH_TIMEOUT - 0.5 < search(engine) < SEARCH_TIMEOUT + 1.5
    started = time.monotonic()
    for _ in range(20):
        search(engine)
    assert time.monotonic() - started < 1


def test_after_a_pause_one_search_asks_again(engine, monkeypatch):
    search(engine)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + PAUSE + 1)
    assert engine.breaker.allows() is True
    assert engine.breaker.allows() is False, "the others wait for what it finds"
    engine.breaker.succeeded()
    assert engine.breaker.allows() is True


def test_writing_has_patience_of_its_own(engine):
    assert module.WRITE_TIMEOUT > SEARCH_TIMEOUT

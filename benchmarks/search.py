"""Compares the search engines: quality on the judged set, milliseconds for one query, and their ratio.

Elasticsearch takes part where XINGLIN_TEST_ELASTICSEARCH_URL names one. The corpus is the judged set's
texts, shuffled together into longer articles, half of them behind the keys of twenty zones.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from config import env

ARTICLES = 2000
ZONES = 20


def corpus() -> Iterator[Any]:
    """The same ARTICLES documents in each run."""
    from tests.search import judged

    chance = random.Random(7)
    texts = judged.documents(gated=False)
    for number in range(1, ARTICLES + 1):
        base, *others = chance.sample(texts, 8)
        zone = number % ZONES + 1
        gated = number % 2 == 0
        body = "\n".join(other.public_text for other in others)
        yield replace(
            base,
            id=f"bench-{number}",
            sequence=number,
            page_id=number,
            zone_id=zone,
            access_key=f"{zone}:{'hcp' if gated else 'public'}",
            public_text=base.public_text if gated else f"{base.public_text}\n{body}",
            gated_text=body if gated else "",
        )


def engines(folder: Path) -> dict[str, Any]:
    from search.engines.elasticsearch import ElasticsearchEngine
    from search.engines.embedded import EmbeddedEngine

    found: dict[str, Any] = {"embedded": EmbeddedEngine(url="", index="xinglin-bench", path=folder)}
    if env.TEST_ELASTICSEARCH_URL:
        found["elasticsearch"] = ElasticsearchEngine(
            url=env.TEST_ELASTICSEARCH_URL, index=f"xinglin-bench-{time.time_ns()}", path=folder
        )
    return found


def milliseconds(engine: Any, scope: frozenset[str], rounds: int) -> float:
    """The median over `rounds` of the judged queries."""
    from search.engines.base import EngineQuery
    from search.plan import plan_query
    from tests.search import judged

    plans = [plan_query(query.query) for query in judged.queries()]
    taken = []
    for plan in (plans * (rounds // len(plans) + 2))[: rounds + len(plans)]:
        started = time.perf_counter()
        engine.search(EngineQuery(plan, scope))
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken[len(plans) :])  # the first round warms up


def measure(engine: Any, rounds: int) -> dict[str, float]:
    from search.analysis import fold
    from search.curated_synonyms import GROUPS
    from tests.factories.search import ask, fill
    from tests.search import judged

    groups = tuple(tuple(fold(term) for term in group) for group in GROUPS)
    figures: dict[str, float] = {}
    for name, gated in (("open", False), ("gated", True)):
        fill(engine, judged.documents(gated=gated), name)
        scope = ["1:hcp"] if gated else []
        ranked = {
            query.query: [hit.id for hit in ask(engine, query.query, *scope, groups=groups).hits]
            for query in judged.queries()
        }
        figures[f"recall@10, {name}"], figures[f"MRR@10, {name}"] = judged.quality(ranked)
    started = time.perf_counter()
    fill(engine, corpus(), "timing")
    figures["ms to index an article"] = (time.perf_counter() - started) * 1000 / ARTICLES
    for keys in (0, 1, ZONES):
        scope = frozenset(f"{zone}:hcp" for zone in range(1, keys + 1))
        figures[f"ms a query, {keys} keys"] = milliseconds(engine, scope, rounds)
    return figures


def run(rounds: int = 200) -> None:
    """Prints one line for each figure; the ratio is the last engine's to the first one's."""
    with tempfile.TemporaryDirectory(prefix="xinglin-bench-search-") as folder:
        compared = engines(Path(folder))
        try:
            figures = {name: measure(engine, rounds) for name, engine in compared.items()}
        finally:
            for engine in compared.values():
                engine.drop()
    print(f"{'':24}" + "".join(f"{name:>15}" for name in figures) + f"{'ratio':>9}")
    first, *_, last = figures.values() if len(figures) > 1 else (*figures.values(), {})
    for what in first:
        ratio = f"{last[what] / first[what]:9.2f}" if last else f"{'-':>9}"
        print(f"{what:24}" + "".join(f"{values[what]:15.3f}" for values in figures.values()) + ratio)

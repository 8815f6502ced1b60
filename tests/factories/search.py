"""Search documents without a ledger behind them, and engines that hold them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from search.documents import SearchDocument
from search.engines.base import Engine, EngineAnswer, EngineQuery
from search.plan import plan_query

_NUMBERS = count(1)


def document(title: str = "标题", public: str = "", gated: str = "", **changes: Any) -> SearchDocument:
    """zone_id, audience and zone_slug set the access key. `public` is the open text after the title."""
    sequence = changes.pop("sequence", None) or next(_NUMBERS)
    zone_id = changes.get("zone_id", 1)
    audience = changes.get("audience", "hcp")
    fields: dict[str, Any] = {
        "id": f"00000000-0000-4000-8000-{sequence:012d}",
        "sequence": sequence,
        "page_id": sequence,
        "zone_id": zone_id,
        "zone_slug": f"zone-{zone_id}",
        "audience": audience,
        "access_key": f"{zone_id}:{audience}",
        "locale": "zh-hans",
        "date": date(2026, 11, 23),
        "title": title,
        "summary": "",
        "byline": "",
        "public_text": f"{title}\n{public}" if public else title,
        "gated_text": gated,
    }
    return SearchDocument(**fields | changes)


def fill(engine: Engine, documents: Iterable[SearchDocument], name: str = "first") -> None:
    """A whole index in use: exactly these documents."""
    index = f"{engine.index}-{name}"  # type: ignore[attr-defined]
    engine.create(index)
    assert not engine.load(index, documents).failed
    engine.swap(index)


def ask(engine: Engine, query: str, *scope: str, **changes: Any) -> EngineAnswer:
    groups = changes.pop("groups", ())
    return engine.search(EngineQuery(plan_query(query, groups), frozenset(scope), **changes))


def titles(documents: Iterable[SearchDocument], answer: EngineAnswer) -> list[str]:
    """The titles of the hits, best first."""
    names = {each.id: each.title for each in documents}
    return [names[hit.id] for hit in answer.hits]

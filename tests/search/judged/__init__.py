"""Documents and queries of our own, judged by hand (README.md)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from search.documents import SearchDocument

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    kind: str
    query: str
    relevant: tuple[str, ...]


def _rows(name: str) -> list[list[str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row]


def documents(*, gated: bool) -> list[SearchDocument]:
    """All texts open, or all behind the key `1:hcp` with only the title open."""
    return [
        SearchDocument(
            id=name,
            sequence=number,
            page_id=number,
            zone_id=1,
            zone_slug="judged",
            audience="hcp" if gated else "public",
            access_key="1:hcp" if gated else "1:public",
            locale="zh-hans",
            date=date(2026, 11, 23),
            title=title,
            summary="",
            byline="",
            public_text=title if gated else f"{title}\n{text}",
            gated_text=text if gated else "",
        )
        for number, (name, title, text) in enumerate(_rows("documents.tsv"), start=1)
    ]


def queries() -> list[JudgedQuery]:
    return [JudgedQuery(kind, query, tuple(ids.split())) for kind, query, ids in _rows("queries.tsv")]


def quality(ranked: dict[str, list[str]]) -> tuple[float, float]:
    """(recall@10, MRR@10) over all queries. `ranked`: query -> ids, best first."""
    recalls, ranks = [], []
    for judged in queries():
        found = ranked[judged.query][:10]
        recalls.append(len(set(found) & set(judged.relevant)) / len(judged.relevant))
        ranks.append(next((1 / place for place, name in enumerate(found, 1) if name in judged.relevant), 0.0))
    return sum(recalls) / len(recalls), sum(ranks) / len(ranks)

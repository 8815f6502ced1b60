"""Repairs the whole ledger from the live pages, as if no publication had ever been missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from cms import publishing
from cms.models import ArticlePage, LedgerHead, Publication, PublicationHead


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Numbers of articles checked, rows appended, rows that withdraw, and current rows repaired."""

    articles: int
    appended: int
    withdrawn: int
    heads: int


@transaction.atomic
def rebuild(progress: Callable[[int, int], None] | None = None) -> Rebuilt:
    """Repair the current rows, then append the states of live pages that the ledger does not hold.

    History stays: rows are only ever appended, and a second run appends nothing. Holds the ledger's lock to
    the end, so that no article is published meanwhile. progress: called with (done, total) after each
    article.
    """
    LedgerHead.lock()
    heads = _repair_heads()
    articles = ArticlePage.objects.live().order_by("pk")
    total, appended = articles.count(), 0
    for done, article in enumerate(articles.only("pk", "uuid").iterator(chunk_size=200), start=1):
        appended += publishing.record(article, Publication.Kind.RERECORDED, checked=False) is not None
        if progress:
            progress(done, total)
    withdrawn = publishing.withdraw_orphans()
    return Rebuilt(articles=total, appended=appended, withdrawn=withdrawn, heads=heads)


def _repair_heads() -> int:
    """Point each head at the latest row of its article; drop heads of articles that have no row."""
    latest = Publication.objects.order_by().values("article_id").annotate(last=Max("sequence"))
    last_of = {row["article_id"]: row["last"] for row in latest}
    known = dict(PublicationHead.objects.values_list("article_id", "sequence"))
    wrong = [sequence for article, sequence in last_of.items() if known.get(article) != sequence]
    gone = PublicationHead.objects.exclude(article_id__in=Publication.objects.values("article_id")).delete()[
        0
    ]
    for publication in Publication.objects.filter(sequence__in=wrong).order_by("sequence").iterator():
        publishing.point_head_at(publication)
    LedgerHead.objects.filter(pk=1).update(sequence=max(last_of.values(), default=0))
    return len(wrong) + gone

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
    """Write each head whose columns do not follow from its article's latest row; delete heads without a row.

    Returns the number of rows written and deleted.
    """
    rows = Publication.objects.order_by()
    gone, _ = PublicationHead.objects.exclude(article_id__in=rows.values("article_id")).delete()
    latest = rows.values("article_id").annotate(last=Max("sequence")).values("last")
    heads = PublicationHead.objects.in_bulk()
    written = last = 0
    for publication in rows.filter(sequence__in=latest).order_by("sequence").iterator(chunk_size=200):
        last = publication.sequence
        head = heads.get(publication.article_id)
        columns = publishing.head_columns(publication)
        if head is None or any(getattr(head, name) != value for name, value in columns.items()):
            publishing.point_head_at(publication)
            written += 1
    LedgerHead.objects.filter(pk=1).update(sequence=last)
    return written + gone

"""The outbox: articles whose latest publication is not in the index yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from search.models import OutboxEntry
from search.tasks import sync_index

if TYPE_CHECKING:
    from cms.models import Publication

HARMLESS_KINDS = ("rerecorded",)
"""Kinds that change neither who may read an article nor where its gate line is: an author renamed, a picture
replaced. Until the index holds a publication of any other kind, searches leave the article out.
"""


def on_publication_recorded(sender: type, publication: Publication, **kwargs: Any) -> None:
    """Receiver of `cms.signals.publication_recorded`, inside the transaction that appended the row. The entry
    commits or vanishes with it, so a crash before the task runs loses nothing: the next sync finds it."""
    OutboxEntry.objects.create(
        article_id=publication.article_id, sequence=publication.sequence, kind=publication.kind
    )
    transaction.on_commit(enqueue_sync, robust=True)


def enqueue_sync() -> None:
    sync_index.enqueue()


def withheld_articles() -> frozenset[str]:
    """Articles that no search may return now: the index may still hold a state that is closed meanwhile."""
    pending = OutboxEntry.objects.exclude(kind__in=HARMLESS_KINDS)
    return frozenset(map(str, pending.values_list("article_id", flat=True).distinct().order_by()))

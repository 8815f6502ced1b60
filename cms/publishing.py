"""Appends publications of live pages to the ledger; its only writer.

Order in each append: the lock on LedgerHead first, then the page and its zone are loaded again, then the
row. A writer that waited for the lock therefore sees what the one before committed: a zone that is closed
and an article that is published at the same moment cannot miss each other, and sequences commit in their
order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, ReferenceIndex

from cms import documents, publish_rules
from cms.models import (
    ArticleAuthor,
    ArticlePage,
    Contributor,
    LedgerHead,
    Publication,
    PublicationHead,
    ZonePage,
)
from cms.signals import publication_recorded

Kind = Publication.Kind


@transaction.atomic
def record(page: ArticlePage, kind: str = Kind.PUBLISHED, *, checked: bool = True) -> Publication | None:
    """Append the current state of this article; None where the ledger holds it already.

    A page that is not live, or whose zone is not, is withdrawn. checked: raise PublishRefused by the publish
    rules, as every way of publishing must; recording again what was published before is not refused.
    """
    LedgerHead.lock()
    article = ArticlePage.objects.select_related("locale").filter(pk=page.pk).first()
    if article is None or not article.live or article.zone is None or not article.zone.live:
        return withdraw(page)
    outline = documents.Outline(article)
    if checked and (found := publish_rules.problems_in(outline)):
        raise publish_rules.PublishRefused(article, found)
    said = outline.documents()
    zone = article.zone
    digest = documents.digest(str(article.uuid), str(zone.pk), said.teaser, said.public, said.full)
    head = PublicationHead.objects.filter(pk=article.uuid).select_related("publication").first()
    if head is not None and head.live and head.publication.digest == digest:
        return None
    return _append(
        kind=kind if head is not None and head.live else Kind.PUBLISHED,
        article_id=article.uuid,
        page_id=article.pk,
        zone_id=zone.pk,
        zone_slug=zone.slug,
        audience=article.effective_audience,
        locale=article.locale.language_code,
        revision_id=article.live_revision_id,
        title=article.title,
        date=article.date,
        teaser=said.teaser,
        public_document=said.public,
        full_document=said.full,
        digest=digest,
    )


@transaction.atomic
def withdraw(page: ArticlePage) -> Publication | None:
    """Record that an article is no longer published; None where it is not. The page need not exist."""
    LedgerHead.lock()
    head = PublicationHead.objects.filter(pk=page.uuid, live=True).select_related("publication").first()
    return _append_withdrawal(head) if head else None


@transaction.atomic
def withdraw_orphans() -> int:
    """Withdraw every article that is published in the ledger without a live page. Returns their number."""
    LedgerHead.lock()
    readable = ArticlePage.objects.live().values("uuid")
    heads = PublicationHead.objects.filter(live=True).exclude(article_id__in=readable)
    return len([_append_withdrawal(head) for head in heads.select_related("publication")])


@transaction.atomic
def record_zone(zone: ZonePage, before: dict[str, Any] | None = None) -> None:
    """Record the live articles of a zone after it changed; before: its former values, None if unknown."""
    former = before or {}
    if all(former.get(name) == getattr(zone, name) for name in ("title", "slug", "audience", "live")):
        return
    kind = Kind.AUDIENCE_CHANGED if former.get("audience") != zone.audience else Kind.RERECORDED
    record_again(ArticlePage.objects.descendant_of(zone).live(), kind)
    if former.get("slug") != zone.slug:
        rerecord_dependants(zone)


@transaction.atomic
def record_move(page: Page) -> None:
    """Record a moved article, or the articles of a moved branch."""
    record_again(ArticlePage.objects.descendant_of(page, inclusive=True).live(), Kind.MOVED)


@transaction.atomic
def rerecord_dependants(changed: Any) -> None:
    """Record again the live articles that show or link to an object (a contributor, a picture, a zone)."""
    record_again(dependants(changed))


def dependants(changed: Any) -> list[ArticlePage]:
    """The live articles that embed an object, found through Wagtail's reference index.

    Bylines are read from their own table as well: the index may be updated later, by a worker.
    """
    references = ReferenceIndex.get_references_to(changed).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    ids = {int(object_id) for object_id in references.values_list("object_id", flat=True)}
    if isinstance(changed, Contributor):
        ids |= set(ArticleAuthor.objects.filter(contributor=changed).values_list("page_id", flat=True))
    return list(ArticlePage.objects.filter(pk__in=ids).live().order_by("pk"))


@transaction.atomic
def record_again(articles: Iterable[ArticlePage], kind: str = Kind.RERECORDED) -> None:
    """Record what was published before, even where the publish rules would refuse it now."""
    LedgerHead.lock()
    for article in articles:
        record(article, kind, checked=False)


def _append(**facts: Any) -> Publication:
    sequence = LedgerHead.lock() + 1
    publication = Publication.objects.create(sequence=sequence, **facts)
    LedgerHead.objects.filter(pk=1).update(sequence=sequence)
    point_head_at(publication)
    publication_recorded.send(sender=Publication, publication=publication)
    return publication


def _append_withdrawal(head: PublicationHead) -> Publication:
    last = head.publication
    names = (
        "article_id",
        "page_id",
        "zone_id",
        "zone_slug",
        "audience",
        "locale",
        "revision_id",
        "title",
        "date",
    )
    return _append(
        kind=Kind.WITHDRAWN,
        digest=documents.digest(str(last.article_id), Kind.WITHDRAWN),
        **{name: getattr(last, name) for name in names},
    )


def head_columns(publication: Publication) -> dict[str, Any]:
    """Every column of a PublicationHead but its key, computed from the publication alone.

    A new column is computed here and nowhere else: `rebuild_publications` fills it for the rows of before.
    """
    names = ("zone_id", "zone_slug", "audience", "locale", "title", "date", "sequence")
    derived = {"publication_id": publication.pk, "live": publication.kind != Kind.WITHDRAWN}
    return {name: getattr(publication, name) for name in names} | derived


def point_head_at(publication: Publication) -> None:
    """Make a publication the current one of its article."""
    PublicationHead.objects.update_or_create(
        article_id=publication.article_id, defaults=head_columns(publication)
    )

"""Signal receivers that keep the ledger up to date. No logic here: each receiver calls cms.publishing.

Every receiver runs inside the transaction of its event (cms.atomic_actions), so an exception in the ledger
rolls the page's change back.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.signals import page_unpublished, post_page_move

from cms import publishing
from cms.models import ArticlePage, Contributor, XinglinImage, ZonePage
from cms.signals import page_saved


def connect() -> None:
    page_saved.connect(article_saved, sender=ArticlePage, dispatch_uid="cms.article_saved")
    page_saved.connect(zone_saved, sender=ZonePage, dispatch_uid="cms.zone_saved")
    # Wagtail unpublishes and moves through the base class, so ArticlePage.save is not called.
    page_unpublished.connect(article_unpublished, sender=ArticlePage, dispatch_uid="cms.article_unpublished")
    page_unpublished.connect(zone_unpublished, sender=ZonePage, dispatch_uid="cms.zone_unpublished")
    post_page_move.connect(page_moved, dispatch_uid="cms.page_moved")
    pre_delete.connect(article_deleted, sender=ArticlePage, dispatch_uid="cms.article_deleted")
    post_save.connect(embedded_saved, sender=Contributor, dispatch_uid="cms.contributor_saved")
    post_save.connect(embedded_saved, sender=XinglinImage, dispatch_uid="cms.image_saved")
    pre_delete.connect(image_going, sender=XinglinImage, dispatch_uid="cms.image_going")
    post_delete.connect(image_gone, sender=XinglinImage, dispatch_uid="cms.image_gone")


def article_saved(instance: ArticlePage, **kwargs: Any) -> None:
    publishing.record(instance)


def article_unpublished(instance: ArticlePage, **kwargs: Any) -> None:
    if not still_live(instance):
        publishing.withdraw(instance)


def article_deleted(instance: ArticlePage, **kwargs: Any) -> None:
    publishing.withdraw(instance)


def zone_saved(instance: ZonePage, before: dict[str, Any] | None, **kwargs: Any) -> None:
    if before is not None:
        publishing.record_zone(instance, before)


def zone_unpublished(instance: ZonePage, **kwargs: Any) -> None:
    if not still_live(instance):
        publishing.record_zone(instance)


def page_moved(instance: Any, **kwargs: Any) -> None:
    publishing.record_move(instance)


def embedded_saved(instance: Any, created: bool, raw: bool, **kwargs: Any) -> None:
    if not created and not raw:
        publishing.rerecord_dependants(instance)


def image_going(instance: XinglinImage, **kwargs: Any) -> None:
    # Once the object is deleted, the reference index no longer lists the pages that showed it.
    instance.shown_in = publishing.dependants(instance)


def image_gone(instance: XinglinImage, **kwargs: Any) -> None:
    publishing.record_again(instance.shown_in)


def still_live(page: ArticlePage | ZonePage) -> bool:
    """Wagtail also sends "unpublished" for a page that is about to be deleted, and leaves its row alone."""
    return type(page).objects.filter(pk=page.pk, live=True).exists()

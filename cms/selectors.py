"""Queries of published articles and zones. Who may read them is decided by the gate."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from cms.models import PublicationHead, ZonePage


def live_heads() -> QuerySet[PublicationHead]:
    """The current publication of each published article, newest first."""
    return (
        PublicationHead.objects.filter(live=True).select_related("publication").order_by("-date", "-sequence")
    )


def head_of(article_id: UUID | str) -> PublicationHead | None:
    """The current publication of one published article; None where there is none or it was withdrawn."""
    return live_heads().filter(pk=article_id).first()


def live_zones() -> QuerySet[ZonePage]:
    """The published zones in the order of the tree."""
    return ZonePage.objects.live().select_related("locale").order_by("path")


def live_zone(slug: str) -> ZonePage | None:
    """The published zone with this slug, from an address or a form: any text, NUL included."""
    # PostgreSQL accepts no NUL, not even in a comparison.
    return None if "\0" in slug else live_zones().filter(slug=slug).order_by("pk").first()

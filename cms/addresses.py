"""The public addresses of articles, zones and pictures.

Documents in the ledger hold them, so they never change.
"""

from __future__ import annotations

from uuid import UUID

IMAGE_WIDTHS = (400, 800, 1600)
"""Pixels. The widths in which a figure is offered; 400 is a phone's column, 1600 a tap to enlarge."""

DEFAULT_IMAGE_WIDTH = 800


def article_path(article_id: UUID | str) -> str:
    return f"/articles/{article_id}/"


def zone_path(slug: str) -> str:
    return f"/zones/{slug}/"


def image_path(article_id: UUID | str, image_id: UUID | str, width: int) -> str:
    """An image is requested through the article that shows it, because the article decides who may see it."""
    return f"/api/v1/articles/{article_id}/images/{image_id}/{width}"

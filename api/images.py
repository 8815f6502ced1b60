"""`/api/v1/articles/{uuid}/images/{uuid}/{width}`: a figure, for users who may see the article around it.

The gate is asked for that article; then the image must be named by a figure of the very document that this
reader gets. So a picture behind the gate line, of another article, or guessed, is a 404 like one that never
existed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from django.http import FileResponse, HttpResponseBase
from drf_spectacular.utils import OpenApiResponse
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from wagtail.images import get_image_model

from api import scopes
from api.articles import document_for, find_head
from api.problems import Problem
from api.resource import Resource
from api.responses import PRIVATE, PUBLIC
from api.schema import operation
from cms.addresses import IMAGE_WIDTHS
from cms.audiences import Audience
from cms.blocks.registry import walk_forms

if TYPE_CHECKING:
    from gate.decision import Access

log = structlog.get_logger(__name__)

MEDIA_TYPES = {"jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}

PICTURE = OpenApiResponse({"type": "string", "format": "binary"}, description="The picture.")


def image_ids(body: list[dict[str, Any]]) -> Iterator[str]:
    """The uuids of the images that a document's body shows, at any depth."""
    for kind, form in walk_forms(body):
        for picture in kind.pictures(form):
            # …/articles/<article>/images/<image>/<width>
            yield picture["url"].split("/")[-2]


def find_rendition(access: Access, article_id: UUID, image_id: UUID, width: int) -> tuple[Any, str]:
    """(the rendition, Cache-Control); Problem `not_found` unless this reader's document shows the image."""
    if width not in IMAGE_WIDTHS:
        raise Problem("not_found")
    head = find_head(article_id)
    document, _whole = document_for(access, head)
    if str(image_id) not in image_ids(json.loads(document)["body"]):
        raise Problem("not_found")
    image = get_image_model().objects.filter(uuid=image_id).first()
    if image is None:
        raise Problem("not_found")
    try:
        rendition = image.get_rendition(f"width-{width}")
    except (OSError, ValueError) as error:  # the original is gone or is no picture any more
        log.exception("rendition_failed", image=str(image_id), width=width)
        raise Problem("not_found") from error
    return rendition, PUBLIC if head.audience == Audience.PUBLIC else PRIVATE


class AnyFormat(DefaultContentNegotiation):
    """A picture has one format, whatever `Accept` names; what an <img> sends differs between browsers."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        """The first renderer, which only writes problems."""
        return renderers[0], renderers[0].media_type


class ArticleImageView(Resource):
    """One figure's picture at one width."""

    content_negotiation_class = AnyFormat

    scopes = {"GET": scopes.ARTICLES_READ}

    @operation(
        "articles_image",
        "Read a figure's picture",
        None,
        tag="articles",
        problems=("not_found",),
        responses={(200, media_type): PICTURE for media_type in sorted(set(MEDIA_TYPES.values()))},
    )
    def get(self, request: Request, article_id: UUID, image_id: UUID, width: int) -> HttpResponseBase:
        """The picture at most `width` pixels wide (400, 800 or 1600), in its own format."""
        rendition, cache_control = find_rendition(self.access, article_id, image_id, width)
        extension = rendition.file.name.rpartition(".")[2].lower()
        if extension not in MEDIA_TYPES:
            raise Problem("not_found")
        response = FileResponse(
            rendition.file.storage.open(rendition.file.name, "rb"),
            content_type=MEDIA_TYPES[extension],
            filename=f"{image_id}-{width}.{extension}",
        )
        response["Cache-Control"] = cache_control
        response["X-Content-Type-Options"] = "nosniff"
        # Whatever the file is, opened as a document of its own it may do nothing.
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Accept-Ranges"] = "none"
        return response

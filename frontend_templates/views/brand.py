"""The site's mark and colours from the admin. Open to everyone, unlike all other images."""

from __future__ import annotations

import structlog
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from api.images import MEDIA_TYPES
from cms.site_profile import LOGO_FILTER, facts_of, stylesheet

log = structlog.get_logger(__name__)

# Addresses carry a version, so another mark or colour is shown at once.
CACHED = "public, max-age=3600"


@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """CSS of the tokens that the site's accents replace."""
    response = HttpResponse(stylesheet(facts_of(request)), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = CACHED
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def logo(request: HttpRequest) -> HttpResponseBase:
    """The mark as a small picture; 404 where none is set or its file is gone."""
    image = facts_of(request).logo
    if image is None:
        raise Http404
    try:
        rendition = image.get_rendition(LOGO_FILTER)
        file = rendition.file.storage.open(rendition.file.name, "rb")
    except (OSError, ValueError) as error:
        log.exception("mark_failed", image=image.pk)
        raise Http404 from error
    extension = rendition.file.name.rpartition(".")[2].lower()
    if extension not in MEDIA_TYPES:
        raise Http404
    response = FileResponse(file, content_type=MEDIA_TYPES[extension], filename=f"mark.{extension}")
    response["Cache-Control"] = CACHED
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

"""Serves uploaded originals and renditions to staff who may edit the text around them.

Readers get pictures through `api.images`, which asks the gate (docs/adr/0013-files-follow-the-text.md).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.static import serve
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from cms.file_policy import FilePolicy


def staff_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file at `path` under MEDIA_ROOT; 404 for users who may not open it, and for unknown files."""
    if not request.user.has_perm("wagtailadmin.access_admin") or not _opens(request.user, path):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _opens(user: Any, path: str) -> bool:
    """Whether the policy of the picture, rendition or document allows it; portraits are open to all staff."""
    if "\0" in path:  # PostgreSQL accepts no NUL, not even in a comparison
        return False
    images, documents = get_image_model(), get_document_model()
    of_image = images.objects.filter(file=path) | images.objects.filter(renditions__file=path)
    image = of_image.first()
    if image is not None:
        return _may_open(user, images, image)
    document = documents.objects.filter(file=path).first()
    if document is not None:
        return _may_open(user, documents, document)
    return path.startswith("avatar_images/")


def _may_open(user: Any, model: type[Any], file: Any) -> bool:
    policy: FilePolicy = policy_registry.get_by_type(model)
    return policy.may_open(user, file)

"""The pictures in the newest draft of a page.

Wagtail's reference index covers what is saved on the page only, and an article that was published once keeps
its draft in a revision.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models, transaction
from wagtail.models import Page, Revision

from cms.blocks.registry import stored_pictures
from cms.models.media import XinglinImage


class DraftPicture(models.Model):
    """A picture in the newest revision of a page; replaced with each revision, inside its transaction."""

    wagtail_reference_index_ignore = True

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(XinglinImage, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "image"], name="cms_draft_picture")]


def note_pictures(sender: type[Revision], instance: Revision, **kwargs: Any) -> None:
    """Receiver of a revision's post_save: store the rows of the page's newest revision."""
    if instance.base_content_type.model_class() is not Page:
        return
    body = instance.content.get("body")
    wanted = set(stored_pictures(json.loads(body))) if isinstance(body, str) and body else set()
    page_id = int(instance.object_id)
    with transaction.atomic():
        rows = DraftPicture.objects.filter(page_id=page_id)
        had = set(rows.values_list("image_id", flat=True))
        rows.exclude(image_id__in=wanted).delete()
        known = XinglinImage.objects.filter(pk__in=wanted - had).values_list("pk", flat=True)
        DraftPicture.objects.bulk_create(
            [DraftPicture(page_id=page_id, image_id=pk) for pk in known], ignore_conflicts=True
        )

"""Pictures. Readers get them through the gate only (api); the original file is for staff."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    Image,
    WagtailImageField,
    get_upload_to,
)

from cms.pictures import verify_picture


class PictureField(WagtailImageField):
    """Decodes a new file as soon as it is assigned, before anything else reads it. Raises ValidationError."""

    def update_dimension_fields(self, instance: Any, *args: Any, **kwargs: Any) -> None:
        file = getattr(instance, self.attname) if self.attname in instance.__dict__ else None
        # Committed files were decoded when they were uploaded.
        if file and not file._committed:
            verify_picture(file)
        super().update_dimension_fields(instance, *args, **kwargs)

    def deconstruct(self) -> Any:
        # The column is the same, so migrations name Wagtail's own class.
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs


class XinglinImage(AbstractImage):
    """A picture with the defaults for a figure; the figure may state others.

    The file is decoded before it is stored, on every way in: a file that is no picture raises
    ValidationError and leaves no file behind.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = PictureField(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    default_alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_(
            "What the picture shows, for readers who cannot see it. Used by figures without their own text."
        ),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)

    admin_form_fields = (
        "title",
        "file",
        "default_alt",
        "source",
        "licence",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(Image.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def default_alt_text(self) -> str:
        return self.default_alt or super().default_alt_text

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            # An uncommitted file is one that this save writes to the storage.
            if self.file and not self.file._committed:
                self._set_image_file_metadata()
            super().save(*args, **kwargs)

    def generate_rendition_file(
        self,
        filter: Filter,  # noqa: A002 - Wagtail names it so
        *,
        source: File | None = None,
    ) -> File:
        """Wagtail's rendition, out of the temporary file that Wagtail leaves open."""
        with super().generate_rendition_file(filter, source=source) as rendition:
            rendition.seek(0)
            return ContentFile(rendition.read(), name=rendition.name)


class XinglinRendition(AbstractRendition):
    image = models.ForeignKey(XinglinImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

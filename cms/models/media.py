"""Pictures. Readers get them through the gate only (api); the original file is for staff."""

from __future__ import annotations

import uuid

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from cms.pictures import verify_picture


class XinglinImage(AbstractImage):
    """A picture with what a figure needs to start from; the figure itself may say it better.

    The file is decoded before it is stored, whichever way it comes in: what is no picture raises
    ValidationError and leaves no file behind.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
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

    def save(self, *args, **kwargs) -> None:
        with transaction.atomic():
            # An uncommitted file is one that this save would write to the storage.
            if self.file and not self.file._committed:
                verify_picture(self.file)
                self._set_image_file_metadata()
            super().save(*args, **kwargs)


class XinglinRendition(AbstractRendition):
    image = models.ForeignKey(XinglinImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

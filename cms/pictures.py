"""Is this file a picture that we can show? Decided by decoding it, never by its name or its declared type."""

from __future__ import annotations

import warnings
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
"""Pillow's names of what we accept. SVG is a program; GIF and TIFF bring frames and surprises."""


def verify_picture(file: IO[bytes] | Any) -> None:
    """Raise ValidationError unless the whole file decodes as one JPEG, PNG or WebP of acceptable size.

    The pixel count is read from the header before anything is decoded, so a bomb costs nothing.
    The file is left at its beginning.
    """
    limit = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    file.seek(0)
    try:
        # Pillow warns of a bomb above a limit of its own; ours is decided below.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
            with PillowImage.open(file, formats=FORMATS) as picture:
                width, height = picture.size
                if width * height > limit:
                    raise ValidationError(
                        _("This picture has %(pixels)d pixels; at most %(limit)d are accepted."),
                        code="too_many_pixels",
                        params={"pixels": width * height, "limit": limit},
                    )
                picture.load()
    except (
        UnidentifiedImageError,
        PillowImage.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise ValidationError(
            _("This file is not a picture that can be read: JPEG, PNG or WebP is needed."), code="no_picture"
        ) from error
    finally:
        file.seek(0)

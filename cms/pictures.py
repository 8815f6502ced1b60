"""Checks that a file is an accepted picture by decoding it, never by its name or declared type."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.drawing.process import DrawingRefused, run
from cms.drawing.slots import WAIT_SECONDS, Busy

FORMATS = ("JPEG", "PNG", "WEBP")
"""Pillow's names of what we accept. SVG is a program; GIF and TIFF bring frames and surprises."""

# A form decodes, then the model checks again, perhaps inside a transaction: the same bytes are decoded once.
REMEMBERED = 512
_decoded: OrderedDict[tuple[str, int], None] = OrderedDict()


def verify_picture(file: IO[bytes] | Any, *, wait: float = WAIT_SECONDS) -> None:
    """Raise ValidationError unless the whole file decodes as one JPEG, PNG or WebP of acceptable size.

    It is decoded in a process of its own, which may take at most `wait` seconds to start: inside a
    transaction call it only for files whose result is cached. The pixel count is read from the header before
    anything is decoded, so a bomb costs nothing. The file is left at its beginning.
    """
    limit = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    file.seek(0)
    try:
        data = file.read()
    finally:
        file.seek(0)
    key = (hashlib.sha256(data).hexdigest(), limit)
    if key in _decoded:
        return
    try:
        run("check", data, wait=wait, forms=FORMATS, max_pixels=limit)
    except Busy as error:
        raise ValidationError(
            _("Other files are being checked just now. Please send yours again in a moment."), code="busy"
        ) from error
    except DrawingRefused as refusal:
        raise _refused(refusal.code, limit) from refusal
    _decoded[key] = None
    while len(_decoded) > REMEMBERED:
        _decoded.popitem(last=False)


def _refused(code: str, limit: int) -> ValidationError:
    if code == "too_many_pixels":
        return ValidationError(
            _("This picture has too many pixels; at most %(limit)d are accepted."),
            code=code,
            params={"limit": limit},
        )
    return ValidationError(
        _("This file is not a picture that can be read: JPEG, PNG or WebP is needed."), code="no_picture"
    )

"""Draws the reviewer's copy of a credential, whatever was stored, with the viewer's watermark.

Stored pictures are our own encoding (gate.verification.files.uploads). PDFs were stored as such until
November 2026; they are drawn in a process of their own.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO

from PIL import Image, ImageOps

from gate.admin.desk.watermark import mark, mark_text
from gate.errors import UploadRefused
from gate.models import User
from gate.verification.files.uploads import MAX_EDGE, PDF, draw_pdf

# For reading on a screen: fine print stays legible, and it cannot serve as a second original.
LONGEST_EDGE = 2200
JPEG_QUALITY = 85
CONTENT_TYPE = "image/jpeg"


class NotAPicture(ValueError):
    """The stored bytes cannot be shown."""


def reviewers_copy(original: bytes, content_type: str, *, reviewer: User, at: dt.datetime) -> bytes:
    """JPEG bytes without metadata, marked all over. Raises NotAPicture when `original` cannot be drawn."""
    try:
        drawn = _draw(draw_pdf(original) if content_type == PDF else original)
    except (OSError, ValueError, Image.DecompressionBombError, UploadRefused) as error:
        raise NotAPicture(str(error)) from error
    # A transparent part could hide something from the reviewer: it becomes white paper.
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    mark(paper, mark_text(reviewer, at))
    out = BytesIO()
    paper.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _draw(original: bytes) -> Image.Image:
    with Image.open(BytesIO(original)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    # Higher than any photo that is kept: the pages of a PDF, each of which must stay legible.
    if picture.height <= MAX_EDGE:
        picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    return picture

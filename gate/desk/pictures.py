"""The reviewer's copy of a credential: drawn anew by us, whatever was stored, and marked with who looks."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pypdfium2
from PIL import Image, ImageOps

from gate.desk.watermark import mark, mark_text
from gate.models import User
from gate.uploads import PDF

# For reading on a screen: fine print stays legible, and it is no second original.
LONGEST_EDGE = 2200
JPEG_QUALITY = 85
CONTENT_TYPE = "image/jpeg"
# Pages of a PDF stand below each other; a licence has one or two.
PAGES_SHOWN = 4
PAGE_WIDTH = 1400
PAGE_HEIGHT_LIMIT = 4000


class NotAPicture(ValueError):
    """The stored bytes are nothing that can be shown."""


def reviewers_copy(original: bytes, content_type: str, *, reviewer: User, at: dt.datetime) -> bytes:
    """JPEG bytes without metadata, marked all over. Raises NotAPicture when `original` cannot be drawn."""
    try:
        drawn = _draw_pdf(original) if content_type == PDF else _draw_picture(original)
    except (OSError, ValueError, Image.DecompressionBombError, pypdfium2.PdfiumError) as error:
        raise NotAPicture(str(error)) from error
    # What was transparent could hide something from the reviewer: it becomes white paper.
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    mark(paper, mark_text(reviewer, at))
    out = BytesIO()
    paper.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _draw_picture(original: bytes) -> Image.Image:
    with Image.open(BytesIO(original)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    return picture


def _draw_pdf(original: bytes) -> Image.Image:
    """The first pages, one below the other, each PAGE_WIDTH wide."""
    with pypdfium2.PdfDocument(original) as document:
        pages = [_draw_page(document[number]) for number in range(min(len(document), PAGES_SHOWN))]
    if not pages:
        raise NotAPicture("the document has no page")
    sheet = Image.new("RGBA", (PAGE_WIDTH, sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        sheet.paste(page, (0, top))
        top += page.height
    return sheet


def _draw_page(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    if width <= 0 or height <= 0 or height / width * PAGE_WIDTH > PAGE_HEIGHT_LIMIT:
        raise NotAPicture("the page has no usable size")
    drawn = page.render(scale=PAGE_WIDTH / width, may_draw_forms=False).to_pil().convert("RGBA")
    return drawn.resize((PAGE_WIDTH, round(height / width * PAGE_WIDTH)))

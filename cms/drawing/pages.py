"""A PDF in the drawing process: every page as pixels, one below the other. Nothing of the document is kept.

Scripts, links, actions, attachments and XFA are not run, followed or carried over: pdfium is built without a
script engine, and what leaves here is a JPEG. Form fields and annotations are drawn as they are shown.
"""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image

from cms.drawing.child import Refused

QUALITY = 88
# Wider than high by more than this, or higher by more than that, is no page that can be read on a screen.
FLATTEST = 0.1
PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD


def draw_pages(data: bytes, *, max_pages: int, width: int, max_page_height: int, max_height: int) -> bytes:
    """JPEG bytes of all pages, each `width` pixels wide; Refused with a code when one cannot be shown."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == PASSWORD_NEEDED
        raise Refused("encrypted" if locked else "unreadable") from error
    with document:
        document.init_forms()
        count = len(document)
        if count > max_pages:
            raise Refused("too_many_pages")
        heights = [_height(document[number], width) for number in range(count)]
        if not heights or min(heights) < width * FLATTEST or max(heights) > max_page_height:
            raise Refused("page_size")
        if sum(heights) > max_height:
            raise Refused("too_many_pages")
        sheet = Image.new("RGB", (width, sum(heights)), "white")
        top = 0
        for number, height in enumerate(heights):
            sheet.paste(_drawn(document, number, (width, height)), (0, top))
            top += height
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _height(page: pypdfium2.PdfPage, width: int) -> int:
    given_width, given_height = page.get_size()
    if given_width <= 0 or given_height <= 0:
        raise Refused("page_size")
    return round(given_height / given_width * width)


def _drawn(document: pypdfium2.PdfDocument, number: int, size: tuple[int, int]) -> Image.Image:
    page = document[number]
    drawn = page.render(scale=size[0] / page.get_width(), fill_color=(255, 255, 255, 255))
    return drawn.to_pil().convert("RGB").resize(size)

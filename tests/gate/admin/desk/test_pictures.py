"""The reviewer's copy: what is drawn, what is marked, what cannot be shown."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageChops

from gate.admin.desk import watermark
from gate.admin.desk.pictures import LONGEST_EDGE, NotAPicture, reviewers_copy
from gate.admin.desk.watermark import mark_text
from gate.models import User
from gate.verification.files import uploads

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
ANNE = User(pk=7, email="anne@example.org", display_name="Anne Reviewer")
LI = User(pk=8, email="li@example.org", display_name="李审核")


def white(size=(900, 600), form="PNG"):
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, form)
    return out.getvalue()


def drawn(original, content_type="image/png", reviewer=ANNE, at=NOON):
    return Image.open(BytesIO(reviewers_copy(original, content_type, reviewer=reviewer, at=at))).convert("L")


def pdf(*sizes):
    document = pikepdf.new()
    for size in sizes:
        document.add_blank_page(page_size=size)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_the_mark_names_the_reviewer_and_the_local_time():
    assert mark_text(ANNE, NOON) == "Anne Reviewer  anne@example.org  2026-11-23 12:00"


def test_every_part_of_the_picture_is_marked():
    copy = drawn(white())
    width, height = copy.size
    for left in range(0, width, width // 3):
        for top in range(0, height, height // 3):
            part = copy.crop((left, top, left + width // 3, top + height // 3))
            assert part.getextrema()[0] < 220, (left, top)


def test_another_reviewer_or_another_minute_is_another_picture():
    first = drawn(white())
    assert ImageChops.difference(first, drawn(white(), reviewer=LI)).getbbox()
    assert ImageChops.difference(first, drawn(white(), at=NOON + dt.timedelta(minutes=1))).getbbox()


def test_a_name_that_no_font_can_write_is_given_as_the_number_of_the_account(monkeypatch):
    monkeypatch.setattr(watermark, "CHINESE_FONTS", ())
    watermark._chinese_font.cache_clear()
    watermark._font.cache_clear()
    try:
        assert mark_text(LI, NOON) == "#8  li@example.org  2026-11-23 12:00"
        assert drawn(white(), reviewer=LI).getextrema()[0] < 220
    finally:
        watermark._chinese_font.cache_clear()
        watermark._font.cache_clear()


def test_large_pictures_are_made_smaller_and_small_ones_stay():
    assert max(drawn(white((3000, 1500))).size) == LONGEST_EDGE
    assert drawn(white((300, 200))).size == (300, 200)


def test_metadata_does_not_reach_the_copy():
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "home address"
    Image.new("RGB", (300, 200)).save(out, "JPEG", exif=exif, comment=b"secret comment")
    copy = reviewers_copy(out.getvalue(), "image/jpeg", reviewer=ANNE, at=NOON)
    assert b"home address" not in copy
    assert b"secret comment" not in copy


def test_what_was_transparent_is_white_paper():
    out = BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(out, "PNG")
    assert drawn(out.getvalue()).getextrema()[1] > 250


def test_every_page_of_an_old_pdf_is_shown(monkeypatch):
    """As they were stored until November 2026; today a PDF becomes a picture when it comes in."""
    monkeypatch.setattr(uploads, "PDF_LIMITS", {"cpu_seconds": 3, "deadline": 30.0})
    width, pages = uploads.PAGES["width"], uploads.MAX_PAGES
    assert drawn(pdf(*[(200, 100)] * pages), "application/pdf").size == (width, pages * width // 2)


def test_the_pages_of_a_pdf_stay_legible():
    """A sheet of pages is higher than a photo; it is not made smaller as one."""
    assert drawn(white((1400, 8000))).size == (1400, 8000)


@pytest.mark.parametrize(
    ("original", "content_type"),
    [
        (b"", "image/png"),
        (b"\x89PNG\r\n\x1a\n broken", "image/png"),
        (b"%PDF-1.7 broken", "application/pdf"),
        (pdf((10, 14_000)), "application/pdf"),
    ],
    ids=["empty", "broken picture", "broken pdf", "endless page"],
)
def test_what_cannot_be_drawn_is_refused(original, content_type):
    with pytest.raises(NotAPicture):
        reviewers_copy(original, content_type, reviewer=ANNE, at=NOON)

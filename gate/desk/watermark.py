"""The reviewer's copy of a credential picture: re-encoded by us, with who looks and when drawn into it."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from gate.models import User

# The copy is for reading on a screen: fine print stays legible, and it is no second original.
LONGEST_EDGE = 2200
JPEG_QUALITY = 85
CONTENT_TYPE = "image/jpeg"
# About five lines across whatever the picture's size: no crop of a useful size is free of it.
TEXT_EDGE_SHARE = 42
TILT_DEGREES = 24
FILL, STROKE = (255, 255, 255, 120), (0, 0, 0, 92)

# Where systems keep a font with Chinese characters. None is required: without one the mark
# carries the reviewer's address and number, which plain Latin letters can write.
CHINESE_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


class NotAPicture(ValueError):
    """The stored bytes are not a picture that can be shown."""


def reviewers_copy(original: bytes, *, reviewer: User, at: dt.datetime) -> bytes:
    """JPEG bytes of the picture, upright, at most LONGEST_EDGE wide or high, without metadata, marked all over.

    Raises NotAPicture when `original` cannot be decoded.
    """
    try:
        with Image.open(BytesIO(original)) as opened:
            upright = ImageOps.exif_transpose(opened)
            picture = upright.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotAPicture(str(error)) from error
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    paper.alpha_composite(_mark(paper.size, mark_text(reviewer, at)))
    out = BytesIO()
    paper.convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def mark_text(reviewer: User, at: dt.datetime) -> str:
    """Name, address and local time to the minute; the name only where a font can write it."""
    when = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    name = reviewer.get_full_name() if _can_write(reviewer.get_full_name()) else f"#{reviewer.pk}"
    return "  ".join(dict.fromkeys(part for part in (name, reviewer.email, when) if part))


def _mark(size: tuple[int, int], text: str) -> Image.Image:
    """A transparent layer of `size` covered with tilted repetitions of `text`."""
    width, height = size
    points = max(12, min(size) // TEXT_EDGE_SHARE)
    font = _font(points)
    diagonal = int((width**2 + height**2) ** 0.5) + points
    sheet = Image.new("RGBA", (diagonal, diagonal))
    draw = ImageDraw.Draw(sheet)
    step_x, step_y = int(draw.textlength(text, font=font)) + points * 4, points * 6
    for row, y in enumerate(range(0, diagonal, step_y)):
        for x in range(-(row % 2) * step_x // 2, diagonal, step_x):
            draw.text((x, y), text, font=font, fill=FILL, stroke_width=1, stroke_fill=STROKE)
    turned = sheet.rotate(TILT_DEGREES, resample=Image.Resampling.BICUBIC)
    left, top = (diagonal - width) // 2, (diagonal - height) // 2
    return turned.crop((left, top, left + width, top + height))


@lru_cache(maxsize=8)
def _font(points: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = _chinese_font()
    return ImageFont.truetype(path, points) if path else ImageFont.load_default(points)


@lru_cache(maxsize=1)
def _chinese_font() -> str | None:
    return next((path for path in CHINESE_FONTS if Path(path).exists()), None)


def _can_write(text: str) -> bool:
    return bool(text) and (text.isascii() or _chinese_font() is not None)

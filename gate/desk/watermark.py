"""The mark that says who looks and when, all over a picture."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from gate.models import User

# Some forty lines would fit across the picture: no crop of a useful size is free of the mark.
LINES_PER_EDGE = 42
SMALLEST_POINTS = 12
TILT_DEGREES = 24
FILL, STROKE = (255, 255, 255, 120), (0, 0, 0, 92)

# Where systems keep a font with Chinese characters. None is required: without one the mark carries
# the reviewer's address and number, which plain Latin letters can write.
CHINESE_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


def mark_text(reviewer: User, at: dt.datetime) -> str:
    """Name (where a font can write it, else the account's number), address and local time to the minute."""
    name = reviewer.get_full_name() if _can_write(reviewer.get_full_name()) else f"#{reviewer.pk}"
    return "  ".join((name, reviewer.email, timezone.localtime(at).strftime("%Y-%m-%d %H:%M")))


def mark(size: tuple[int, int], text: str) -> Image.Image:
    """A transparent RGBA layer of `size` (pixels) covered with tilted repetitions of `text`."""
    width, height = size
    points = max(SMALLEST_POINTS, min(size) // LINES_PER_EDGE)
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

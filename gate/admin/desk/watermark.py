"""Draws the watermark over a picture: who looks, and when."""

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


def mark(picture: Image.Image, text: str) -> None:
    """Cover an RGB picture with tilted repetitions of `text`, in place."""
    stamp = _stamp(text, max(SMALLEST_POINTS, min(picture.size) // LINES_PER_EDGE))
    ink, opacity = stamp.convert("RGB"), stamp.getchannel("A")
    for row, y in enumerate(range(-stamp.height // 2, picture.height, stamp.height * 2 // 3)):
        for x in range(-(row % 2) * stamp.width // 2, picture.width, stamp.width):
            picture.paste(ink, (x, y), opacity)


def _stamp(text: str, points: int) -> Image.Image:
    """The text once, tilted, on a transparent ground: drawing and turning are the slow part."""
    font = _font(points)
    left, top, right, bottom = font.getbbox(text, stroke_width=1)
    line = Image.new("RGBA", (int(right - left) + points, int(bottom - top) + points))
    at = (points // 2 - left, points // 2 - top)
    ImageDraw.Draw(line).text(at, text, font=font, fill=FILL, stroke_width=1, stroke_fill=STROKE)
    return line.rotate(TILT_DEGREES, resample=Image.Resampling.BICUBIC, expand=True)


@lru_cache(maxsize=8)
def _font(points: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = _chinese_font()
    return ImageFont.truetype(path, points) if path else ImageFont.load_default(points)


@lru_cache(maxsize=1)
def _chinese_font() -> str | None:
    return next((path for path in CHINESE_FONTS if Path(path).exists()), None)


def _can_write(text: str) -> bool:
    return bool(text) and (text.isascii() or _chinese_font() is not None)

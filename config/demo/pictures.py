"""The demo's figures, drawn with Pillow so that no picture file is kept and each run draws the same bytes.

No Chinese inside a picture: a fresh machine has no Chinese font, and captions carry the words anyway.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, SCALE = 1600, 800, 2  # drawn at twice the size, so that edges are smooth
INK, SOFT, LINE, PAPER = "#1c2326", "#55605f", "#d9d5c8", "#fbfaf6"
PINE, PINE_WASH, APRICOT = "#1b5e4f", "#cfe3db", "#b4491c"

Draw = ImageDraw.ImageDraw


def _text(draw: Draw, x: float, y: float, text: str, size: int = 40, fill: str = INK) -> None:
    font = ImageFont.load_default(size * SCALE)
    draw.text((x * SCALE, y * SCALE), text, font=font, fill=fill, anchor="mm")


def _line(draw: Draw, points: Sequence[tuple[float, float]], fill: str = LINE, width: int = 4) -> None:
    draw.line([(x * SCALE, y * SCALE) for x, y in points], fill=fill, width=width * SCALE, joint="curve")


def _box(draw: Draw, x0: float, y0: float, x1: float, y1: float, fill: str, radius: int = 14) -> None:
    draw.rounded_rectangle((x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE), radius * SCALE, fill=fill)


def _dot(draw: Draw, x: float, y: float, r: float, fill: str) -> None:
    draw.ellipse(((x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE), fill=fill)


def timeline(draw: Draw) -> None:
    """Three points on a line: weeks 0, 4 and 52."""
    _line(draw, [(140, 400), (1460, 400)], width=6)
    for x, label, colour in ((220, "W0", SOFT), (720, "W4", PINE), (1380, "W52", APRICOT)):
        _dot(draw, x, 400, 30, colour)
        _text(draw, x, 490, label, 52)
    _line(draw, [(250, 330), (690, 330)], PINE, 8)
    _text(draw, 470, 285, "4 wk", 40, SOFT)


def bars(draw: Draw) -> None:
    """Three bars, falling: ten, five and three years."""
    _line(draw, [(180, 680), (1420, 680)], INK, 5)
    for x, value, colour in ((320, 10, PINE_WASH), (700, 5, PINE), (1080, 3, APRICOT)):
        _box(draw, x, 680 - value * 52, x + 200, 680, colour, 8)
        _text(draw, x + 100, 640 - value * 52, str(value), 52)


def flow(draw: Draw) -> None:
    """Four boxes joined by arrows."""
    for number in range(4):
        x = 90 + number * 370
        _box(draw, x, 290, x + 270, 510, PINE if number == 3 else PINE_WASH)
        _text(draw, x + 135, 400, str(number + 1), 84, PAPER if number == 3 else INK)
        if number < 3:
            _line(draw, [(x + 285, 400), (x + 345, 400)], APRICOT, 10)
            _line(draw, [(x + 322, 372), (x + 350, 400), (x + 322, 428)], APRICOT, 10)


def curve(draw: Draw) -> None:
    """Two curves over one axis, the upper one with the higher peak."""
    _line(draw, [(160, 690), (1460, 690)], INK, 5)
    _line(draw, [(160, 690), (160, 120)], INK, 5)
    for peak, spread, colour in ((460, 0.000012, APRICOT), (240, 0.000016, PINE)):
        points = [
            (160 + x, 690 - peak * pow(2.718281828, -spread * (x - 420) * (x - 420)) - 40)
            for x in range(0, 1260, 6)
        ]
        _line(draw, points, colour, 10)


def forest(draw: Draw) -> None:
    """Five studies with intervals around a line of no difference, and the pooled diamond."""
    _line(draw, [(800, 90), (800, 720)], SOFT, 4)
    rows = ((640, 180, 24), (760, 260, 16), (560, 150, 30), (830, 220, 18), (700, 120, 34))
    for number, (centre, half, size) in enumerate(rows):
        y = 140 + number * 100
        _line(draw, [(centre - half, y), (centre + half, y)], INK, 6)
        _box(draw, centre - size, y - size, centre + size, y + size, PINE, 4)
    diamond = [(600, 660), (680, 620), (760, 660), (680, 700)]
    draw.polygon([(x * SCALE, y * SCALE) for x, y in diamond], fill=APRICOT)


PICTURES: dict[str, Callable[[Draw], None]] = {
    "timeline": timeline,
    "bars": bars,
    "flow": flow,
    "curve": curve,
    "forest": forest,
}


def draw_picture(name: str) -> bytes:
    """The picture `name` (a key of PICTURES) as PNG bytes, 1600 by 800 pixels."""
    large = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
    PICTURES[name](ImageDraw.Draw(large))
    out = io.BytesIO()
    large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def draw_credential(seed: int) -> bytes:
    """A picture that stands for a licence in the demo: plainly a specimen, different for each `seed`."""
    large = Image.new("RGB", (1200 * SCALE, 800 * SCALE), "#f4efe2")
    draw = ImageDraw.Draw(large)
    draw.rectangle((40 * SCALE, 40 * SCALE, 1160 * SCALE, 760 * SCALE), outline=PINE, width=6 * SCALE)
    _box(draw, 90, 120, 330, 440, PINE_WASH)
    _dot(draw, 210, 230, 64, SOFT)
    _box(draw, 120, 320, 300, 430, SOFT, 40)
    for number in range(5):
        length = 300 + (seed * 97 + number * 131) % 360
        _box(draw, 400, 140 + number * 70, 400 + length, 172 + number * 70, LINE, 6)
    _dot(draw, 980, 620, 84, APRICOT)
    _dot(draw, 980, 620, 74, "#f4efe2")
    _text(draw, 980, 620, "DEMO", 40, APRICOT)
    _text(draw, 420, 640, f"SPECIMEN {seed:04d}", 64, SOFT)
    out = io.BytesIO()
    large.resize((1200, 800), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()

"""The colours of tokens.css: every pair of text and ground that is used meets WCAG AA in both schemes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

TOKENS = Path(finders.find("site/css/tokens.css")).read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")
TEXT = 4.5
SHAPE = 3.0
PAIRS = [
    *[
        (ink, ground, TEXT)
        for ink in ("ink", "ink-soft", "pine", "apricot", "danger")
        for ground in ("paper", "card")
    ],
    ("ink", "pine-wash", TEXT),
    ("ink", "apricot-wash", TEXT),
    ("ink", "danger-wash", TEXT),
    ("ink-soft", "pine-wash", TEXT),
    ("pine", "pine-wash", TEXT),
    ("pine", "apricot-wash", TEXT),
    ("apricot", "apricot-wash", TEXT),
    ("danger", "danger-wash", TEXT),
    ("on-pine", "pine", TEXT),
    ("on-pine", "pine-deep", TEXT),
    ("line-strong", "paper", SHAPE),
    ("line-strong", "card", SHAPE),
]


def colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", sheet))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sheet", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_pairs_meet_aa(sheet, ink, ground, least):
    known = colours(sheet)
    assert contrast(known[ink], known[ground]) >= least


def test_a_theme_changes_tokens_only():
    for sheet in Path(finders.find("site/css/base.css")).parent.glob("*.css"):
        if sheet.name not in ("tokens.css", "print.css"):
            assert "prefers-color-scheme" not in sheet.read_text(encoding="utf-8")

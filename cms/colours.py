"""Colours of a site: from one accent for each scheme the tokens of the reader site, held to WCAG AA. Pure.

The grounds are those of frontend_templates' tokens.css; a test compares the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TEXT = 4.5
"""The contrast that text needs against its ground (WCAG 2.2, AA)."""
HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colours that an accent is put beside, and how its shades are made: (with what, which share)."""

    name: str
    ink: str
    ink_soft: str
    paper: str
    card: str
    apricot_wash: str
    wash: tuple[str, float]
    deep: tuple[str, float]


LIGHT = Scheme(
    "light",
    "#1c2326",
    "#55605f",
    "#fbfaf6",
    "#ffffff",
    "#fbeee5",
    wash=("#ffffff", 0.9),
    deep=("#000000", 0.2),
)
DARK = Scheme(
    "dark",
    "#e8e6e1",
    "#a5aba8",
    "#14191a",
    "#1c2324",
    "#33241b",
    wash=("#14191a", 0.86),
    deep=("#ffffff", 0.25),
)
ON_ACCENT = ("#ffffff", "#0e1a17")


def tokens(accent: str, scheme: Scheme) -> dict[str, str]:
    """The custom properties of tokens.css that an accent replaces."""
    deep = mix(accent, *scheme.deep)
    return {
        "pine": accent.lower(),
        "pine-wash": mix(accent, *scheme.wash),
        "pine-deep": deep,
        "on-pine": max(ON_ACCENT, key=lambda ink: min(contrast(ink, accent), contrast(ink, deep))),
    }


def weakest(accent: str, scheme: Scheme) -> tuple[str, float]:
    """(the pair with the least contrast as "text on ground", that contrast); AA needs TEXT."""
    made = tokens(accent, scheme)
    pairs = {
        "accent on paper": (accent, scheme.paper),
        "accent on cards": (accent, scheme.card),
        "accent on its tint": (accent, made["pine-wash"]),
        "accent on notices": (accent, scheme.apricot_wash),
        "text on its tint": (scheme.ink_soft, made["pine-wash"]),
        "buttons": (made["on-pine"], accent),
        "buttons under the pointer": (made["on-pine"], made["pine-deep"]),
    }
    found = {name: contrast(*pair) for name, pair in pairs.items()}
    name = min(found, key=lambda key: found[key])
    return name, found[name]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with that share of `other` in it."""
    parts = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)

"""Reads lines of scanned papers whose number is glued to the words: `图21例患者` is 图2 and 1例患者.

A number is read in view of the one before it.
"""

from __future__ import annotations

import re

from exchange.importing.recognition import captions
from exchange.importing.recognition.captions import Caption
from exchange.importing.recognition.numbering import FURTHEST, MEASURES, Numbered, NumberReader

# `[ab.2` is a Tab.2 whose T became a bracket, `图l:` a 图1.
_START = re.compile(
    r"^[\s\[【（(]{0,2}(?:续)?(图|表|[Ff]igures?|FIGURE|[Ff]ig|FIG|[Tt]ables?|TABLE|[Tt]ab|TAB|ab)\s{,20}[.．,]?\s{,20}(\d{1,6}|l(?=:))(.*)$",
    re.DOTALL,
)
TABLE_NOTE = re.compile(
    captions.TABLE_NOTE.pattern
    + r"|^\s{,20}(?:@|主\s{,20}[:：]\s{,20}a|[:：]同表|[(（]?20\d?号?\s{,20}[*＊ᵃ])"
)


def caption(text: str, before: int, *, beside: bool) -> Caption | None:
    """A `CaptionReader` that takes digits of the words from the number."""
    if text.strip().startswith("ab"):
        return None
    return captions.read_with(text, before, beside=beside, start=_START, split=split_number)


def split_number(digits: str, rest: str, before: int) -> tuple[int, str]:
    """(number, digits that belong to the words). `before` is the previous caption's number."""
    if digits == "l":
        return 1, ""
    if rest[:1] in " \u3000:：.．" and len(digits) <= 2 and abs(int(digits) - before) <= 5:
        return int(digits), ""
    readings = _numbers_near(digits)
    if not readings:
        return int(digits), ""
    best = min(readings, key=lambda number: (abs(number - before - 1), -number))
    return best, digits[len(str(best)) :]


def _numbers_near(digits: str) -> list[int]:
    """Every reading of glued digits as a caption number."""
    lengths = range(1, min(2, len(digits)) + 1)
    return [int(digits[:n]) for n in lengths if digits[0] != "0" and digits[n : n + 1] != "0"]


class GluedNumberReader(NumberReader):
    """Reads headings whose number runs into the title (`2.53组` is 2.5 3组) or lost its dot (42 is 4.2)."""

    nests = False

    def _last(self, parts: list[str], gap: str, rest: str) -> Numbered | None:
        numbers = [int(part) for part in parts]
        expected = self.last[len(parts) - 1] + 1 if self._continues(numbers) else 1
        keep = _prefix(parts[-1], expected)
        if keep is None:
            return None
        rest = parts[-1][keep:] + gap + rest if keep < len(parts[-1]) else rest
        return self._remembered([*numbers[:-1], int(parts[-1][:keep])], rest)

    def _continues(self, numbers: list[int]) -> bool:
        """Whether a number of this depth has a neighbour before it in the same section."""
        depth = len(numbers)
        return len(self.last) >= depth and self.last[: depth - 1] == tuple(numbers[:-1])

    def _top(self, digits: str, gap: str, rest: str) -> Numbered | None:
        if (not gap and rest[:1] in MEASURES) or int(digits) <= (self.last[0] if self.last else 0) + FURTHEST:
            return super()._top(digits, gap, rest)
        before = self.last[0] if self.last else 0
        if len(digits) == 2 and int(digits[0]) in (before, before + 1):
            return Numbered(2, digits, self._remembered([int(digits[0]), int(digits[1])], rest).rest)
        return None


def _prefix(digits: str, expected: int) -> int | None:
    """How many of the digits belong to the number; None when no reading is near the expected one."""
    best: tuple[int, int] | None = None
    for length in range(1, min(2, len(digits)) + 1):
        distance = abs(int(digits[:length]) - expected)
        if distance <= FURTHEST and (best is None or distance <= best[0]):
            best = (distance, length)
    if best is None:
        return len(digits) if len(digits) <= 2 else None
    return best[1]

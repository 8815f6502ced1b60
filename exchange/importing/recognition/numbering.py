"""Parses the numbers in front of headings: `2.1`, `1. 1. 2`, `一、`, `（二）`, `(3)`, `第四章`.

The CMS numbers sections itself; the parsed number gives the depth, and an entry in the report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_CHINESE = "一二三四五六七八九十百"
_DECIMAL = re.compile(
    r"^(\d{1,2})((?:\s{0,2}[.．]\s{0,2}\d{1,4})*)(\s{,20}[.．、]\s{,20}|\s{1,20}|(?=\D)|$)(.*)$", re.DOTALL
)
_LEVEL_ONE = re.compile(
    rf"^(?:第[{_CHINESE}\d]{{1,3}}[章节部](?:分)?[\s:：、]*|[{_CHINESE}]{{1,3}}\s{{,20}}[、．.])\s{{,20}}(.*)$",
    re.DOTALL,
)
_LEVEL_TWO = re.compile(rf"^[（(]\s{{,20}}[{_CHINESE}]{{1,3}}\s{{,20}}[)）]\s{{,20}}(.*)$", re.DOTALL)
_ITEM = re.compile(r"^[（(]\s{,20}(\d{1,2})\s{,20}[)）]\s{,20}(.*)$", re.DOTALL)
# After these a number counts something and numbers no heading (1型糖尿病, 3例患者).
MEASURES = "型例期种年月日级岁周次天个%％℃-–~～/+×:：,，"
FURTHEST = 3
"""A number of the first level that is farther from the one before it is a count of something else."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """`depth` counts from 1; `label` is the number as written, `rest` the heading without it."""

    depth: int
    label: str
    rest: str


class NumberReader:
    """Reads the headings of one document in order.

    nests: `1.` under `一、` is one level below it, as editors number; papers number only one way.
    """

    nests = True

    def __init__(self) -> None:
        self.last: tuple[int, ...] = ()
        self._depth = 0
        self._above = 0

    def read(self, text: str) -> Numbered | None:
        """The heading's number, or None when it has none. The reader remembers it for the next heading."""
        text = text.strip()
        found = self._chinese(text) or self._decimal(text) or self._item(text)
        if found and not found.rest.strip():
            return None
        return found

    def peek_decimal(self, text: str) -> Numbered | None:
        """As `read`, for dotted numbers only; a number that does not continue the last one does not count."""
        before = self.last, self._depth
        found = self._decimal(text.strip())
        if found and found.depth > 1 and before[0] and self.last[0] in (before[0][0], before[0][0] + 1):
            return found
        self.last, self._depth = before
        return None

    def _chinese(self, text: str) -> Numbered | None:
        for depth, pattern in ((1, _LEVEL_ONE), (2, _LEVEL_TWO)):
            if found := pattern.match(text):
                self._depth = depth
                self._above, self.last = (depth, ()) if self.nests else (0, self.last)
                return Numbered(depth, text[: found.start(1)].strip(), found[1])
        return None

    def _item(self, text: str) -> Numbered | None:
        found = _ITEM.match(text)
        if not found:
            return None
        return Numbered(self._depth + 1, text[: found.start(2)].strip(), found[2])

    def _decimal(self, text: str) -> Numbered | None:
        found = _DECIMAL.match(text)
        if not found:
            return None
        parts = [found[1], *re.findall(r"\d+", found[2])]
        gap, rest = found[3], found[4]
        if len(parts) == 1:
            return self._top(parts[0], gap, rest)
        if not gap and rest[:1] in "%％℃":
            return None
        return self._last(parts, gap, rest)

    def _last(self, parts: list[str], gap: str, rest: str) -> Numbered | None:
        """A number of several parts: each has one or two digits."""
        if any(len(part) > 2 for part in parts):
            return None
        return self._remembered([int(part) for part in parts], rest)

    def _top(self, digits: str, gap: str, rest: str) -> Numbered | None:
        """A number of one part; one that is glued to a measure counts something."""
        if not gap and rest[:1] in MEASURES:
            return None
        number, before = int(digits), self.last[0] if self.last else 0
        if number > before + FURTHEST:
            return None
        found = self._remembered([number], rest, digits)
        self._depth += self._above
        return replace(found, depth=self._depth)

    def _remembered(self, numbers: list[int], rest: str, label: str = "") -> Numbered:
        self.last, self._depth = tuple(numbers), len(numbers)
        return Numbered(len(numbers), label or ".".join(map(str, numbers)), rest)

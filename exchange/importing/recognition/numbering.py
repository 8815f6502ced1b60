"""The numbers that stand before headings: `2.1`, `1. 1. 2`, `一、`, `（二）`, `(3)`, `第四章`.

Scanned papers glue number and title together (`2.53组随访结果` is 2.5 and 3组…), so a number is read with
the knowledge of the one before it. The CMS numbers sections itself; what is read here becomes the depth, and
the report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_MEASURES = "型例期种年月日级岁周次天个%％℃-–~～/+×:：,，"
_FURTHEST = 3


@dataclass(frozen=True, slots=True)
class Numbered:
    """`depth` counts from 1; `label` is the number as written, `rest` the heading without it."""

    depth: int
    label: str
    rest: str


class NumberReader:
    """Reads the headings of one document in order."""

    def __init__(self) -> None:
        self.last: tuple[int, ...] = ()
        self._depth = 0

    def read(self, text: str) -> Numbered | None:
        """The heading's number, or None when it has none; what was read counts for the next one."""
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
        if not gap and rest[:1] in (_MEASURES if len(parts) == 1 else "%％℃"):
            return None
        numbers = [int(part) for part in parts]
        if len(parts) == 1:
            return self._top(parts[0], gap, rest)
        expected = self.last[len(parts) - 1] + 1 if self._continues(numbers) else 1
        keep = _prefix(parts[-1], expected)
        if keep is None:
            return None
        rest = parts[-1][keep:] + gap + rest if keep < len(parts[-1]) else rest
        numbers[-1] = int(parts[-1][:keep])
        self.last = tuple(numbers)
        self._depth = len(numbers)
        return Numbered(len(numbers), ".".join(map(str, numbers)), rest)

    def _continues(self, numbers: list[int]) -> bool:
        """Whether a number of this depth has a neighbour before it in the same section."""
        depth = len(numbers)
        return len(self.last) >= depth and self.last[: depth - 1] == tuple(numbers[:-1])

    def _top(self, digits: str, gap: str, rest: str) -> Numbered | None:
        number, before = int(digits), self.last[0] if self.last else 0
        if number <= before + _FURTHEST:
            self.last, self._depth = (number,), 1
            return Numbered(1, digits, rest)
        if len(digits) == 2 and int(digits[0]) in (before, before + 1):
            self.last, self._depth = (
                (int(digits[0]), int(digits[1])),
                2,
            )  # a dot that the scan lost: 42 is 4.2
            return Numbered(2, digits, rest)
        return None


def _prefix(digits: str, expected: int) -> int | None:
    """How many of the digits belong to the number; None when no reading is near the expected one."""
    best: tuple[int, int] | None = None
    for length in range(1, min(2, len(digits)) + 1):
        distance = abs(int(digits[:length]) - expected)
        if distance <= _FURTHEST and (best is None or distance <= best[0]):
            best = (distance, length)
    if best is None:
        return len(digits) if len(digits) <= 2 else None
    return best[1]

"""Numbers of sections, figures and tables. Pure: from the order of the document alone, never stored.

A *path* is the position of a block: the indexes from the root of the body down to it, e.g. (2, 0, 1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

Path = tuple[int, ...]

_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Series:
    """How the blocks of one kind are counted and named.

    kind: the kind's name; texts may use it in references. anchor: how the fragment of an address begins.
    chinese, english: what stands before the number, as in 图2 and Figure 2; references use the Chinese one.
    nested: headings, which count within their parent and have neither a label nor a key.
    """

    kind: str
    anchor: str
    chinese: str = ""
    english: str = ""
    nested: bool = False

    def label(self, number: int | str, locale: str) -> str:
        """图1, 表2; Figure 1, Table 2. In the language of the article, not of the user who publishes it."""
        return f"{self.chinese}{number}" if is_chinese(locale) else f"{self.english} {number}"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One numbered block in document order. level: depth of headings (1 to 3), 0 for the others."""

    series: Series
    path: Path
    key: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Number:
    """number: the count as an int; text: as it is shown, e.g. 二, （一）, 3, 图2."""

    number: int
    text: str
    path: Path


@dataclass(slots=True)
class Numbering:
    """of: the number of each block by path. targets: by (kind, key); of two equal keys the first."""

    of: dict[Path, Number] = field(default_factory=dict)
    targets: dict[tuple[str, str], Number] = field(default_factory=dict)
    duplicates: list[Occurrence] = field(default_factory=list)


def chinese(number: int) -> str:
    """1 to 99 in Chinese numerals, as headings have them: 一, 十, 十二, 二十三. Beyond that, digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def is_chinese(locale: str) -> bool:
    return locale.lower().split("-")[0] == "zh"


def heading_text(counters: list[int], locale: str) -> str:
    """counters: the count on each level from the top, e.g. [2, 1] is the first part of the second section.

    Chinese: 一 / （一） / 1 by level, after GB/T 9704's order of headings. Elsewhere decimal: 2.1.3.
    """
    if not is_chinese(locale):
        return ".".join(str(count) for count in counters)
    last = counters[-1]
    return {1: chinese(last), 2: f"（{chinese(last)}）"}.get(len(counters), str(last))


def number(occurrences: Iterable[Occurrence], locale: str) -> Numbering:
    """Number blocks given in document order. Headings count within their parent, the others throughout."""
    result = Numbering()
    counters: list[int] = []
    counts: Counter[str] = Counter()
    for occurrence in occurrences:
        series = occurrence.series
        if series.nested:
            del counters[occurrence.level :]
            counters.extend([0] * (occurrence.level - len(counters)))
            counters[-1] += 1
            found = Number(counters[-1], heading_text(counters, locale), occurrence.path)
        else:
            counts[series.kind] += 1
            count = counts[series.kind]
            found = Number(count, series.label(count, locale), occurrence.path)
            if occurrence.key:
                target = (series.kind, occurrence.key)
                if target in result.targets:
                    result.duplicates.append(occurrence)
                else:
                    result.targets[target] = found
        result.of[occurrence.path] = found
    return result

"""Captions (`图3 …`, `表2 …`, `Fig.3 …`), their numbers, and where the text speaks of one.

Scanned papers glue the number to the words (`图21例患者` is 图2 and 1例患者): the number is read with the
knowledge of the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["图", "表"]
_START = re.compile(
    r"^[\s\[【（(]{0,2}(?:续)?(图|表|[Ff]igures?|FIGURE|[Ff]ig|FIG|[Tt]ables?|TABLE|[Tt]ab|TAB|ab)\s{,20}[.．,]?\s{,20}(\d{1,6}|l(?=:))(.*)$",
    re.DOTALL,
)
# A sentence that begins with a figure (图2是…, 图4中的…) goes on with one of these; a caption does not.
_SENTENCE = re.compile(
    r"^\s{,20}(?:[（(]?[a-zA-Z][)）]?)?\s{,20}(?:中|是|为|所示|显示|展示|给出|表示|表明|说明|对|的|可|和图|与图|及图|和表|与表|及表|、|可见|描述|"
    r"列出|反映|示出|，|,\s{,20}图|shows?\b|gives?\b|presents?\b)"
)
_LONGEST_ALONE = 120
_LONGEST_BESIDE = 900
_MENTION = re.compile(
    r"(?<![代发列外仪手体报量电版地插附配拼彩])(图|(?<!图)表)\s?(\d{1,2})(?![\d.．])"
    r"((?:\s?[、，,和及~～\-–—至]\s?\d{1,2}(?![\d.．%％]))*)"
)


@dataclass(frozen=True, slots=True)
class Caption:
    """`english` captions repeat a Chinese one. `text` is the caption without its number."""

    kind: Kind
    number: int
    text: str
    english: bool


def read(text: str, before: int, *, beside: bool) -> Caption | None:
    """The caption that a line is, or None.

    `before` is the number of the caption of this kind before it, `beside` whether the line stands at a
    picture or table.
    """
    found = _START.match(text.strip())
    if not found:
        return None
    name, digits, rest = found[1], found[2], found[3]
    kind: Kind = "图" if name == "图" or name[0] in "fF" else "表"
    english = name not in ("图", "表")
    if name == "ab" and not text.strip().startswith("["):
        return None
    if len(text) > (_LONGEST_BESIDE if beside else _LONGEST_ALONE):
        return None
    if _SENTENCE.match(rest) and not (beside and len(text) <= 60 and text.rstrip()[-1:] not in "。；：:，"):
        return None
    if not beside and rest.rstrip()[-1:] in "。；;，,":
        return None
    if digits == "l":
        return Caption(kind, 1, _words(rest), english)
    number, extra = split_number(digits, rest, before)
    if not _words(extra + rest):
        return None
    return Caption(kind, number, _words(extra + rest), english)


def numbers_near(digits: str) -> list[int]:
    """Every reading of glued digits as a caption number."""
    lengths = range(1, min(2, len(digits)) + 1)
    return [int(digits[:n]) for n in lengths if digits[0] != "0" and digits[n : n + 1] != "0"]


def split_number(digits: str, rest: str, before: int) -> tuple[int, str]:
    """(number, digits that belong to the words). `before` is the previous caption's number."""
    if rest[:1] in " \u3000:：.．" and len(digits) <= 2 and abs(int(digits) - before) <= 5:
        return int(digits), ""
    readings = numbers_near(digits)
    if not readings:
        return int(digits), ""
    best = min(readings, key=lambda number: (abs(number - before - 1), -number))
    return best, digits[len(str(best)) :]


def _words(rest: str) -> str:
    return rest.strip().lstrip(":：.．、").strip()


def mentions(text: str) -> list[tuple[Kind, int]]:
    """The figures and tables that a text speaks of, in order, each number of a range or list on its own."""
    found: list[tuple[Kind, int]] = []
    for mention in _MENTION.finditer(text):
        kind: Kind = "图" if mention[1] == "图" else "表"
        found.append((kind, int(mention[2])))
        found += [(kind, int(number)) for number in re.findall(r"\d+", mention[3])]
    return found


def link(markup: str, key_of: Callable[[Kind, int], str | None]) -> str:
    """Replace mentions in HTML or text by `[图:key]`; tags are left alone, unknown numbers stay text."""

    def replaced(found: re.Match[str]) -> str:
        kind: Kind = "图" if found[1] == "图" else "表"
        key = key_of(kind, int(found[2]))
        if key is None:
            return found[0]
        tail = re.sub(
            r"\d+",
            lambda number: (
                f"[{kind}:{other}]" if (other := key_of(kind, int(number[0]))) else f"{kind}{number[0]}"
            ),
            found[3],
        )
        return f"[{kind}:{key}]{tail}"

    parts = re.split(r"(<[^<>]*>)", markup)
    return "".join(part if part.startswith("<") else _MENTION.sub(replaced, part) for part in parts)

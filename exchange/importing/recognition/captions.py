"""Recognises captions (`图3 …`, `表2 …`, `Figure 3 …`), and the text's mentions of figures and tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["图", "表"]
_START = re.compile(
    r"^[\s\[【（(▲△▼▽↑↓●◎]{0,3}(?:续)?(图|表|[Ff]igures?|FIGURE|[Ff]ig|FIG|[Tt]ables?|TABLE|[Tt]ab|TAB)\s{,20}[.．,]?\s{,20}(\d{1,2}(?!\d))(.*)$",
    re.DOTALL,
)
TABLE_NOTE = re.compile(
    r"^\s{,20}(?:[\*＊#△▲†‡]|注\s{,20}[:：]|[(（]注\s{,20}[:：]|[Nn]otes?\s{,20}[:：.]|[a-zA-Z]\s{,20}[:：]\s{,20}\S|[A-Z][A-Za-z0-9-]{1,12}\s{,20}[:：]\s{,20}\S)"
)
"""What a note under a table begins with."""
# A sentence that begins with a figure (图2是…, 图4中的…) goes on with one of these; a caption does not.
_SENTENCE = re.compile(
    r"^\s{,20}(?:[（(]?[a-zA-Z][)）]?)?\s{,20}(?:中|是|为|所示|显示|展示|给出|表示|表明|说明|对|的|可|和图|与图|及图|和表|与表|及表|、|可见|描述|"
    r"列出|反映|示出|，|,\s{,20}图|shows?\b|gives?\b|presents?\b)"
)
# In an English article: Figure 2, Fig. 2, Tables 1 and 2.
_ENGLISH_MENTION = re.compile(
    r"(?<![\w.-])(Fig(?:ure)?s?|Tables?)\.?\s{,3}(\d{1,2})(?![\d.]\d|\d|\w)((?:\s?(?:,|and|to|[-–—])\s?\d{1,2}(?![\d%]))*)"
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


class CaptionReader(Protocol):
    """Reads the caption that a line is, or None.

    before: the number of the caption of this kind before it. beside: whether the line stands at a picture or
    a table.
    """

    def __call__(self, text: str, before: int, *, beside: bool) -> Caption | None: ...


Splitter = Callable[[str, str, int], tuple[int, str]]
"""(digits, the rest of the line, the number before) -> (number, digits that belong to the words)."""


def read(text: str, before: int, *, beside: bool) -> Caption | None:
    """A `CaptionReader` for texts as editors write them: all digits are the number."""
    return read_with(text, before, beside=beside, start=_START, split=_whole)


def read_with(
    text: str, before: int, *, beside: bool, start: re.Pattern[str], split: Splitter
) -> Caption | None:
    """As `CaptionReader`; `start` finds name, digits and words, `split` reads the digits."""
    found = start.match(text.strip())
    if not found:
        return None
    name, digits, rest = found[1], found[2], found[3]
    kind: Kind = "图" if name == "图" or name[0] in "fF" else "表"
    if len(text) > (_LONGEST_BESIDE if beside else _LONGEST_ALONE):
        return None
    if _SENTENCE.match(rest) and not (beside and len(text) <= 60 and text.rstrip()[-1:] not in "。；：:，"):
        return None
    if not beside and rest.rstrip()[-1:] in "。；;，,":
        return None
    number, extra = split(digits, rest, before)
    if not _words(extra + rest):
        return None
    return Caption(kind, number, _words(extra + rest), name not in ("图", "表"))


def _whole(digits: str, _rest: str, _before: int) -> tuple[int, str]:
    return int(digits), ""


def _words(rest: str) -> str:
    return rest.strip().lstrip(":：.．、").strip()


def mentions(text: str, *, english: bool = False) -> list[tuple[Kind, int]]:
    """The figures and tables that a text mentions, in order, each number of a range or list on its own.

    english: whether the article is; in a Chinese one an English caption does not count.
    """
    found: list[tuple[Kind, int]] = []
    for mention in (_ENGLISH_MENTION if english else _MENTION).finditer(text):
        kind = _kind(mention[1])
        found.append((kind, int(mention[2])))
        found += [(kind, int(number)) for number in re.findall(r"\d+", mention[3])]
    return found


def _kind(word: str) -> Kind:
    return "图" if word[:1] in "图F" else "表"


def link(markup: str, key_of: Callable[[Kind, int], str | None], *, english: bool = False) -> str:
    """Replace mentions in HTML or text by `[图:key]`; tags are left alone, unknown numbers stay text."""

    def replaced(found: re.Match[str]) -> str:
        kind = _kind(found[1])
        key = key_of(kind, int(found[2]))
        if key is None:
            return found[0]
        tail = re.sub(
            r"\d+",
            lambda number: (
                f"[{kind}:{other}]"
                if (other := key_of(kind, int(number[0])))
                else number[0]
                if english
                else f"{kind}{number[0]}"
            ),
            found[3],
        )
        return f"[{kind}:{key}]{tail}"

    parts = re.split(r"(<[^<>]*>)", markup)
    pattern = _ENGLISH_MENTION if english else _MENTION
    return "".join(part if part.startswith("<") else pattern.sub(replaced, part) for part in parts)

"""Parses one line of credits: date, flag, and parts with labels (`作者｜…`, `来源：…`, `审校：…`, `By …`).

Several may stand in one line: `发布时间：2026-03-05 09:00 来源：示例日报 作者：林小禾`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from exchange.importing.draft import Originality
from exchange.importing.recognition import dates, people
from exchange.importing.recognition.labels import alternatives

LONGEST_ORGANISATION = 200
_LONGEST = 240
_LONGEST_DATE_LINE = 120
_AROUND = " \u3000|｜丨·•/／,，;；。-—–_"
_DATE_MARK = "\ue0f2"


class Role(StrEnum):
    """The role that a label announces. STAFF worked on a text and are not its authors."""

    AUTHOR = "author"
    TRANSLATOR = "translator"
    SOURCE = "source"
    LINK = "link"
    DATE = "date"
    STAFF = "staff"
    COUNT = "count"


_LABELS: dict[Role, str] = {
    Role.AUTHOR: """
        作者 文章作者 原作者 原文作者 第一作者 文 图文 撰文 撰稿 撰稿人 执笔 供稿 供稿单位
        记者 本报记者 通讯员         Author Authors By Written_by Words_by""",
    Role.TRANSLATOR: "译 译者 编译 翻译 Translated_by Translator Translators Translation",
    Role.SOURCE: """
        来源 原文来源 原文出处 文章来源 稿件来源 内容来源 本文来源 信息来源 稿源 转自 转载自 出处 原载
        Source Originally_published_in""",
    Role.LINK: "链接 原文 原文链接 原文地址 原文网址 阅读原文 网址 Link URL",
    Role.DATE: """
        时间 日期 发布时间 发布日期 发表时间 发表日期 刊发时间 刊发日期 更新时间 更新日期 发布于
        Published Published_on Posted Posted_on Updated Updated_on Last_updated Date""",
    Role.STAFF: """
        审校 审核 审核人 审稿 审稿人 审阅 医学审核 编审 初审 复审 终审 一审 二审 三审 责任编辑 责编 值班编辑
        编辑 整理 校对 排版 美编 设计 监制 出品 策划 统筹 摄影 制图 视觉 图 图片
        Reviewed_by Medically_reviewed_by Reviewer Reviewers Edited_by Editor Editors Fact-checked_by
        Photo_by Photos_by""",
    Role.COUNT: """
        浏览 浏览量 浏览次数 浏览数 阅读 阅读量 阅读次数 阅读数 点击 点击量 点击次数 访问量
        字号 字体 分享 分享到""",
}
_GROUPS = "|".join(f"(?P<{role}>{alternatives(words)})" for role, words in _LABELS.items())
# A label ends with a sign; labels that continue into a name (记者 林小禾, By Jane Doe) with a space.
_LABEL = re.compile(
    rf"(?<![^\s|｜丨·;；,，、】\])）{_DATE_MARK}])(?:{_GROUPS})"
    r"(?:\s{,4}[:：/／|｜丨]\s{,4}|"
    r"(?:(?<=记者)|(?<=通讯员)|(?<=[Bb][Yy])|(?<=shed)|(?<=dated)|(?<= on)|(?<= in))\s{1,4}(?=\S))"
)
_PLACE = re.compile(r"^(?:发表于|发布于|IP属地)\S{1,12}$")
_BEHIND = re.compile(
    r"([^\s，,、;；：:|｜/／]{2,12})(?:\s{1,3}|\s{,2}[/／]\s{,2})(编译|翻译|译|撰文|撰稿|文|审校|审核|校对|整理|编辑)(?:$|[，,、;；|｜\s]\s{,3})"
)
_WORD = re.compile(rf"[|｜丨\t\s{_DATE_MARK}]")
_UPDATED = re.compile("更新|[Ll]ast|[Uu]pdated")
# Alone on its line, and with more than a date, this is the time of an event.
_EVENT = re.compile(r"^(?:时间|日期)")
SOURCE_URL = re.compile(
    r"https?://[^\s，。；、）)\]】]+|(?<![\w.])www\.[\w.-]{1,100}\.\w{2,20}(?:/\S{0,300})?"
)
_FLAGS = {
    "原创": Originality.ORIGINAL,
    "非原创": Originality.REPUBLISHED,
    "转载": Originality.REPUBLISHED,
    "转帖": Originality.REPUBLISHED,
    "翻译": Originality.TRANSLATED,
    "编译": Originality.TRANSLATED,
    "译文": Originality.TRANSLATED,
}


@dataclass(frozen=True, slots=True)
class Part:
    """`text` is label and value as they stand in the line."""

    role: Role
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class CreditLine:
    """`rest`: words before the first label that are neither date nor flag; `place`: 发表于示例市."""

    date: dt.date | None = None
    flag: Originality | None = None
    parts: tuple[Part, ...] = ()
    rest: tuple[str, ...] = ()
    place: str = ""
    dates: int = 0


def read(line: str) -> CreditLine | None:
    """The credits of a line; None for a line with neither date, flag nor label."""
    line = line.strip()
    if not line or len(line) > _LONGEST:
        return None
    flag = flag_of(line)
    if flag is not None:
        return CreditLine(flag=flag)
    if behind := _behind(line):
        return CreditLine(parts=behind)
    marked, found = _with_marks(line)
    labels = list(_LABEL.finditer(marked))
    ends = [*(label.start() for label in labels[1:]), len(marked)][: len(labels)]
    parts = tuple(_part(label, marked[label.end() : end]) for label, end in zip(labels, ends, strict=True))
    if len(parts) == 1 and _EVENT.match(parts[0].text) and (parts[0].value or not found):
        return None
    before = marked[: labels[0].start()] if labels else marked
    words = [word for word in (one.strip(_AROUND) for one in _WORD.split(before)) if word]
    flags = [named for word in words if (named := flag_of(word))]
    place = next((word for word in words if _PLACE.match(word)), "")
    rest = tuple(word for word in words if flag_of(word) is None and word != place)
    if not (parts or found or flags):
        return None
    updated = len(found) > 1 and bool(labels) and bool(_UPDATED.match(labels[0][0])) and not before.strip()
    date = found[1 if updated else 0] if found else None
    return CreditLine(date, flags[0] if flags else None, parts, rest, place, len(found))


def _behind(line: str) -> tuple[Part, ...]:
    """`沈南星 编译，周一舟 审校`: people with the label behind them; empty for any other line."""
    parts: list[Part] = []
    at = 0
    while (found := _BEHIND.match(line, at)) and people.is_name(found[1]):
        label = _LABEL.match(f"{found[2]}：")
        parts += (
            [Part(next(role for role in Role if label[role]), found[1], found[0].strip(_AROUND))]
            if label
            else []
        )
        at = found.end()
    return tuple(parts) if parts and at == len(line) else ()


def _with_marks(line: str) -> tuple[str, list[dt.date]]:
    """The line with a mark for each date, without times, its addresses untouched; and the dates."""
    found: list[dt.date] = []

    def mark(match: re.Match[str]) -> str:
        date = dates.read(match)
        found.extend([date] if date else [])
        return f" {_DATE_MARK} " if date else match[0]

    out, at = "", 0
    for url in SOURCE_URL.finditer(line):
        out += dates.TIME.sub(" ", dates.DATE.sub(mark, line[at : url.start()])) + url[0]
        at = url.end()
    return out + dates.TIME.sub(" ", dates.DATE.sub(mark, line[at:])), found


def _part(label: re.Match[str], value: str) -> Part:
    role = next(role for role in Role if label[role])
    value = value.replace(_DATE_MARK, " ").strip(_AROUND)
    return Part(role, value, f"{label[0]}{value}" if value else label[0].strip())


def flag_of(text: str) -> Originality | None:
    return _FLAGS.get(text.strip("【】[]（）() "))


def is_date_line(line: str) -> bool:
    """A date, with nothing beside it but a time and credits."""
    found = read(line) if len(line) <= _LONGEST_DATE_LINE else None
    return found is not None and found.date is not None and not found.rest


def has_credit(line: str) -> bool:
    """Whether a line names people or a source."""
    found = read(line)
    return found is not None and bool(found.parts)

"""The lines under a title: date, names, whether the text is original, and where it comes from."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from exchange.importing.draft import Author, Originality
from exchange.importing.recognition import people

DATE = re.compile(
    r"(?<!\d)(\d{4})\s{,20}[-/.年]\s{,20}(\d{1,2})\s{,20}[-/.月]\s{,20}(\d{1,2})\s{,20}日?(?!\d)"
)
NAMES = re.compile(r"(?:作者|撰文|撰稿|编译|译者|文|[Aa]uthors?|[Bb]y)\s{,20}[:：/]\s{,20}([^|｜\t]+)")
SOURCE = re.compile(
    r"^[（(\[【]?\s{,20}(?:文章|稿件|内容|本文)?\s{,20}(?:来源|转自|转载自|出处|[Ss]ource)\s{,20}[:：]\s{,20}(.+?)\s{,20}[)）\]】]?$"
)
_URL = re.compile(r"https?://\S+|(?<![\w.])www\.[\w.-]+\.\w{2,}(?:/\S*)?")
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?|(?:发布|发表|更新)?(?:时间|日期)\s{,20}[:：]")
_AROUND = " |｜·•"
_LONGEST = 80
_LONGEST_ORGANISATION = 200
_FLAGS = {
    "原创": Originality.ORIGINAL,
    "非原创": Originality.REPUBLISHED,
    "转载": Originality.REPUBLISHED,
    "转帖": Originality.REPUBLISHED,
    "翻译": Originality.TRANSLATED,
    "编译": Originality.TRANSLATED,
    "译文": Originality.TRANSLATED,
}


@dataclass
class Credits:
    """What the lines say. The first that says something wins; a line that adds nothing is not taken."""

    date: dt.date | None = None
    byline: tuple[Author, ...] = ()
    originality: Originality | None = None
    organisation: str = ""
    url: str = ""

    def take_date_line(self, line: str) -> bool:
        """Read a line with a date and more. Answers whether every word of it was understood."""
        self.date = date_of(line)
        rest = _TIME.sub(" ", DATE.sub(" ", line, count=1)).strip(_AROUND)
        for part in re.split(r"[|｜\t]|\s{2,}", rest):
            part = part.strip(_AROUND)
            names, colon, source = part.partition("来源") if NAMES.match(part) else (part, "", "")
            if names and not self.take(names):
                return False
            if colon and not self.take(colon + source):
                return False
        return True

    def take(self, line: str) -> bool:
        """Read a flag, a line of names or of the source; False where it is none or adds nothing."""
        flag = flag_of(line)
        if flag is not None and self.originality is None:
            self.originality = flag
            return True
        if source := SOURCE.match(line):
            return self.take_source(source[1])
        if (names := NAMES.match(line)) and not self.byline:
            self.byline = people.credited(names[1]) if names.end() == len(line) else ()
            return bool(self.byline)
        return False

    def take_source(self, text: str) -> bool:
        """Read the name of an organisation, an address, or both."""
        url = _URL.search(text)
        organisation = _URL.sub("", text).strip(" ,，;；()（）|｜") or (url[0] if url else "")
        if self.organisation or not organisation or len(organisation) > _LONGEST_ORGANISATION:
            return False
        self.organisation = organisation
        if url and url[0].startswith("http"):
            self.url = url[0]
        return not url or bool(self.url) or organisation == url[0]


def flag_of(text: str) -> Originality | None:
    return _FLAGS.get(text.strip("【】[]（）() "))


def date_of(line: str) -> dt.date | None:
    found = DATE.search(line)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def is_date_line(line: str) -> bool:
    """A date, and beside it nothing but a time and credits."""
    rest = _TIME.sub("", DATE.sub("", line, count=1)).strip(_AROUND)
    return (
        len(line) <= _LONGEST
        and bool(date_of(line))
        and (not rest or has_credit(rest) or bool(flag_of(rest)))
    )


def has_credit(line: str) -> bool:
    """Whether a line names people or a source."""
    return bool(NAMES.search(line) or re.search(r"(?:来源|[Ss]ource)\s{,20}[:：]", line))

"""The page around an article that was copied from a browser: what stands above and below, and the line of credits.

Recognised by structure, not by one page's words: a line with a date and a credit under a line that stands alone is where
an article begins; what is above belongs to the page. After the last paragraph, short lines without sentences
(counts, buttons) belong to the page again. Nothing is dropped silently: both are quoted in notes.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from cms.importing.draft import Author, Originality
from cms.importing.notes import Note, NoteKind
from cms.importing.pieces import Piece
from cms.importing.recognition import people

_DATE = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?!\d)")
_CREDIT = re.compile(r"(?:作者|撰文|撰稿|编译|译者|文|[Aa]uthors?|[Bb]y)\s*[:：/]\s*([^|｜\t]+)")
_SOURCE = re.compile(
    r"^[（(\[【]?\s*(?:文章|稿件|内容|本文)?\s*(?:来源|转自|转载自|出处|[Ss]ource)\s*[:：]\s*(.+?)\s*[)）\]】]?$"
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
_COUNT = re.compile(
    r"^(?:共\s*)?\d[\d,.万w+]*\s*(?:条|个|次|人)?\s*(?:评论|点赞|赞|收藏|转发|分享|阅读|浏览)|^(?:评论|点赞|赞|收藏|转发|分享|阅读|浏览)(?:数|量)?\s*[:：(（]?\s*\d"
)
_URL = re.compile(r"https?://\S+|(?<![\w.])www\.[\w.-]+\.\w{2,}(?:/\S*)?")
_LONGEST_CONTROL = 16
_FURTHEST_DATE = 4  # a date line belongs to the title at most so many lines above it
_SENTENCE = re.compile(r"[。！？!?；;]|[，,].*[，,]")


NumberedLine = tuple[int, str]


@dataclass
class Page:
    """What the frame says, and where the article's own text begins and ends among the lines."""

    title: str = ""
    date: dt.date | None = None
    byline: tuple[Author, ...] = ()
    originality: Originality | None = None
    source_organisation: str = ""
    source_url: str = ""
    begin: int = 0
    end: int = 0
    pieces: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read(lines: list[NumberedLine]) -> Page:
    """Find title, credits and end of the article among (line number, stripped text)."""
    page = Page()
    if not _begin(lines, page):
        page.begin = _title_first(lines, page)
    page.end = _end(lines, page.begin, page)
    return page


def _begin(lines: list[NumberedLine], page: Page) -> bool:
    """Find title and date line. A date alone is believed only at the very top or above a flag."""
    for index, (_, line) in enumerate(lines):
        date = _date_of(line)
        title = _title_above(lines, index) if date and _is_date_line(line) else None
        if title is None:
            continue
        above = [entry for entry in lines[:title] if entry[1]]
        if above and not _CREDIT.search(line) and not _SOURCE.search(line) and not _flag_below(lines, index):
            continue
        page.date, page.title = date, lines[title][1]
        page.notes += _quoted(NoteKind.NOT_ARTICLE, above)
        page.begin = _head(lines, index, page)
        return True
    return False


def _flag_below(lines: list[NumberedLine], index: int) -> bool:
    following = next((text for _, text in lines[index + 1 : index + 3] if text), "")
    return _flag(following) is not None


def _flag(text: str) -> Originality | None:
    return _FLAGS.get(text.strip("【】[]（）() "))


def _is_date_line(line: str) -> bool:
    """A date, and beside it nothing but a time and credits."""
    rest = _DATE.sub("", line, count=1)
    rest = re.sub(r"\d{1,2}:\d{2}(?::\d{2})?", "", rest)
    rest = re.sub(r"(?:发布|发表|更新)?(?:时间|日期)\s*[:：]", "", rest)
    return len(line) <= 80 and (
        not rest.strip(" |｜·•") or bool(_CREDIT.search(rest) or _SOURCE.match(rest.strip(" |｜·•")))
    )


def _date_of(line: str) -> dt.date | None:
    found = _DATE.search(line)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _title_above(lines: list[NumberedLine], index: int) -> int | None:
    for back in range(index - 1, max(-1, index - 1 - _FURTHEST_DATE), -1):
        text = lines[back][1]
        if text:
            return back if 2 <= len(text) <= 120 and text[-1] not in "。；;，,：:" else None
    return None


def _head(lines: list[NumberedLine], index: int, page: Page) -> int:
    """Read the date line and the flags and credits under it; answer the index after them."""
    _credits(lines[index][1], page)
    at = index + 1
    while at < len(lines):
        text = lines[at][1]
        flag = _flag(text)
        if not text:
            at += 1
            if at < len(lines) and lines[at][1] and _flag(lines[at][1]) is None:
                break
        elif flag is not None:
            page.originality = flag
            at += 1
        elif len(text) <= 40 and (_CREDIT.match(text) or _SOURCE.match(text)):
            _credits(text, page)
            at += 1
        else:
            break
    return at


def _credits(text: str, page: Page) -> None:
    rest = _DATE.sub(" ", text, count=1)
    if source := _SOURCE.match(rest.strip(" |｜·•")):
        _set_source(page, source[1])
    elif (credit := _CREDIT.search(rest)) and not page.byline:
        words, _, source_words = credit[1].partition("来源")
        page.byline = people.credited(words)
        if source_words:
            _set_source(page, source_words.lstrip(":： "))
    for word, flag in sorted(_FLAGS.items(), key=lambda entry: -len(entry[0])):
        if re.search(rf"(?:^|[\s|｜·]){word}(?:$|[\s|｜·])", rest):
            page.originality = flag
            break


def _set_source(page: Page, text: str) -> None:
    url = _URL.search(text)
    organisation = _URL.sub("", text).strip(" ,，;；()（）|｜")
    page.source_organisation = organisation[:200] or (url[0] if url else "")[:200]
    if url and url[0].startswith("http"):
        page.source_url = url[0]


def _title_first(lines: list[NumberedLine], page: Page) -> int:
    """Without a date line the first line is the title, if it can be one."""
    for index, (_, text) in enumerate(lines):
        if text:
            if len(text) <= 80 and text[-1] not in "。；;，,：:！!？?":
                page.title = text
                return _head_without_date(lines, index + 1, page)
            return index
    return 0


def _head_without_date(lines: list[NumberedLine], at: int, page: Page) -> int:
    seen = at
    for index in range(at, min(at + 6, len(lines))):
        text = lines[index][1]
        if not text:
            continue
        flag = _flag(text)
        if flag is not None:
            page.originality = flag
        elif len(text) <= 40 and (_CREDIT.match(text) or _SOURCE.match(text)):
            _credits(text, page)
        else:
            break
        seen = index + 1
    return seen


def _end(lines: list[NumberedLine], body: int, page: Page) -> int:
    """Take controls and counts off the end, then the final source. Answers the index after the article."""
    end = len(lines)
    counted = next((i for i in range(len(lines) - 1, body, -1) if _COUNT.match(lines[i][1])), None)
    if counted is not None and all(_is_control(text) for _, text in lines[counted:]):
        end = counted
        while end > body and (
            not lines[end - 1][1] or (_is_control(lines[end - 1][1]) and _COUNT.match(lines[end - 1][1]))
        ):
            end -= 1
        page.notes += _quoted(NoteKind.COMMENTS, [entry for entry in lines[end:] if entry[1]])
    last = next((i for i in range(end - 1, body - 1, -1) if lines[i][1]), None)
    if (
        last is not None
        and last > body
        and (source := _SOURCE.match(lines[last][1]))
        and not lines[last][1].startswith(("(", "（"))
    ):
        if not page.source_organisation:
            _set_source(page, source[1])
            return last
    return end


def _is_control(text: str) -> bool:
    """A button, a count, an empty line: nothing that says something."""
    return not text or (len(text) <= _LONGEST_CONTROL and not _SENTENCE.search(text))


def _quoted(kind: NoteKind, lines: list[NumberedLine]) -> list[Note]:
    return [Note(kind, "\n".join(text for _, text in lines), lines[0][0])] if lines else []

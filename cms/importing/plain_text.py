"""Plain text, as copied from a browser -> pieces, with the page around the article taken off.

Recognised by structure: a line with a date and a credit under a line that stands alone is where an article begins; what
is above it belongs to the page. After the last paragraph, short lines without sentences (counts, buttons) belong to the
page again. Nothing is dropped silently: both are quoted in notes.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass, field

from cms.importing import people
from cms.importing.draft import Author, Cell, Note, NoteKind, Originality
from cms.importing.pieces import Grid, Image, Line, Piece, Text

_DATE = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?!\d)")
_CREDIT = re.compile(r"(?:作者|撰文|撰稿|编译|译者|文|[Aa]uthors?|[Bb]y)\s*[:：/]\s*([^|｜\t]+)")
_SOURCE = re.compile(
    r"^[（(\[【]?\s*(?:文章|稿件|内容|本文)?\s*(?:来源|转自|转载自|出处|[Ss]ource)\s*[:：]\s*(.+?)\s*[)）\]】]?$"
)
_PICTURE = re.compile(r"^[^\s/\\<>|:*?\"]{1,120}\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg|heic)$", re.IGNORECASE)
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


@dataclass
class Read:
    """What the parser answers."""

    title: str = ""
    date: dt.date | None = None
    byline: tuple[Author, ...] = ()
    originality: Originality | None = None
    source_organisation: str = ""
    source_url: str = ""
    pieces: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


Numbered = tuple[int, str]


def read(source: str) -> Read:
    """Parse plain text; never raises for any text."""
    out = Read()
    source = source.replace("\x00", "")
    lines = [
        (number, line.strip("\ufeff \t\u3000\xa0\r")) for number, line in enumerate(source.split("\n"), 1)
    ]
    lines = [(number, line) for number, line in lines]
    begin, body = _begin(lines, out)
    if begin is None:
        body = _title_first(lines, out)
    tail = _end(lines, body, out)
    _pieces([entry for entry in lines[body:tail] if entry[1]], source.split("\n"), out)
    return out


def _begin(lines: list[Numbered], out: Read) -> tuple[int | None, int]:
    """Find title and date line. Answers (index of the title, index after the head)."""
    for index, (_, line) in enumerate(lines):
        date = _date_of(line)
        if date is None or not _is_date_line(line):
            continue
        title = _title_above(lines, index)
        if title is None:
            continue
        out.date, out.title = date, lines[title][1]
        skipped = [entry for entry in lines[:title] if entry[1]]
        out.notes += _quoted(NoteKind.NOT_ARTICLE, skipped)
        return title, _head(lines, index, out)
    return None, 0


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


def _title_above(lines: list[Numbered], index: int) -> int | None:
    for back in range(index - 1, max(-1, index - 1 - _FURTHEST_DATE), -1):
        text = lines[back][1]
        if text:
            return back if 2 <= len(text) <= 120 and text[-1] not in "。；;，,：:" else None
    return None


def _head(lines: list[Numbered], index: int, out: Read) -> int:
    """Read the date line and the flags and credits under it; answer the index after them."""
    _credits(lines[index][1], out)
    at = index + 1
    while at < len(lines):
        text = lines[at][1]
        flag = _FLAGS.get(text.strip("【】[]（）() "))
        if not text:
            at += 1
            if at < len(lines) and lines[at][1] and lines[at][1].strip("【】[]（）() ") not in _FLAGS:
                break
        elif flag is not None:
            out.originality = flag
            at += 1
        elif len(text) <= 40 and (_CREDIT.match(text) or _SOURCE.match(text)):
            _credits(text, out)
            at += 1
        else:
            break
    return at


def _credits(text: str, out: Read) -> None:
    rest = _DATE.sub(" ", text, count=1)
    if source := _SOURCE.match(rest.strip(" |｜·•")):
        _set_source(out, source[1])
    elif (credit := _CREDIT.search(rest)) and not out.byline:
        words, _, source_words = credit[1].partition("来源")
        out.byline = people.credited(words)
        if source_words:
            _set_source(out, source_words.lstrip(":： "))
    for word, flag in sorted(_FLAGS.items(), key=lambda entry: -len(entry[0])):
        if re.search(rf"(?:^|[\s|｜·]){word}(?:$|[\s|｜·])", rest):
            out.originality = flag
            break


def _set_source(out: Read, text: str) -> None:
    url = _URL.search(text)
    organisation = _URL.sub("", text).strip(" ,，;；()（）|｜")
    out.source_organisation = organisation[:200] or (url[0] if url else "")[:200]
    if url and url[0].startswith("http"):
        out.source_url = url[0]


def _title_first(lines: list[Numbered], out: Read) -> int:
    """Without a date line the first line is the title, if it can be one."""
    for index, (_, text) in enumerate(lines):
        if text:
            if len(text) <= 80 and text[-1] not in "。；;，,：:！!？?":
                out.title = text
                return _head_without_date(lines, index + 1, out)
            return index
    return 0


def _head_without_date(lines: list[Numbered], at: int, out: Read) -> int:
    seen = at
    for index in range(at, min(at + 6, len(lines))):
        text = lines[index][1]
        if not text:
            continue
        flag = _FLAGS.get(text.strip("【】[]（）() "))
        if flag is not None:
            out.originality = flag
        elif len(text) <= 40 and (_CREDIT.match(text) or _SOURCE.match(text)):
            _credits(text, out)
        else:
            break
        seen = index + 1
    return seen


def _end(lines: list[Numbered], body: int, out: Read) -> int:
    """Take controls and counts off the end, then the final source. Answers the index after the article."""
    end = len(lines)
    counted = next((i for i in range(len(lines) - 1, body, -1) if _COUNT.match(lines[i][1])), None)
    if counted is not None and all(_is_control(text) for _, text in lines[counted:]):
        end = counted
        while end > body and (
            not lines[end - 1][1] or (_is_control(lines[end - 1][1]) and _COUNT.match(lines[end - 1][1]))
        ):
            end -= 1
        out.notes += _quoted(NoteKind.COMMENTS, [entry for entry in lines[end:] if entry[1]])
    last = next((i for i in range(end - 1, body - 1, -1) if lines[i][1]), None)
    if (
        last is not None
        and last > body
        and (source := _SOURCE.match(lines[last][1]))
        and not lines[last][1].startswith(("(", "（"))
    ):
        if not out.source_organisation:
            _set_source(out, source[1])
            return last
    return end


def _is_control(text: str) -> bool:
    """A button, a count, an empty line: nothing that says something."""
    return not text or (len(text) <= _LONGEST_CONTROL and not _SENTENCE.search(text))


def _quoted(kind: NoteKind, lines: list[Numbered]) -> list[Note]:
    return [Note(kind, "\n".join(text for _, text in lines), lines[0][0])] if lines else []


def _pieces(lines: list[Numbered], raw: list[str], out: Read) -> None:
    index = 0
    while index < len(lines):
        number, text = lines[index]
        rows = _tabbed(lines, raw, index)
        if len(rows) >= 2:
            out.pieces.append(Grid(number, tuple(tuple(Cell(cell) for cell in row) for row in rows)))
            index += len(rows)
            continue
        if _PICTURE.match(text):
            out.pieces.append(Image(number, text))
        else:
            out.pieces.append(Text((Line(number, text, _linked(text)),)))
        index += 1


def _tabbed(lines: list[Numbered], raw: list[str], start: int) -> list[list[str]]:
    """Consecutive lines with as many tab stops: a table as browsers copy it."""
    rows: list[list[str]] = []
    for offset, (number, text) in enumerate(lines[start:]):
        cells = [cell.strip() for cell in raw[number - 1].strip("\r\ufeff").split("\t")]
        together = number == lines[start][0] + offset
        if "\t" not in text or not together or (rows and len(cells) != len(rows[0])):
            break
        rows.append(cells)
    return rows


def _linked(text: str) -> str:
    escaped = html.escape(text, quote=False)
    return re.sub(
        r"https?://[^\s<>\"'，。；、）)\u4e00-\u9fff]+",
        lambda m: f'<a href="{html.escape(html.unescape(m[0]))}">{m[0]}</a>',
        escaped,
    )

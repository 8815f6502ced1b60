"""The page around an article that was copied from a browser: what is above and below, and the credits.

Recognised by structure, not by one page's words: a line with a date and a credit under a line that stands
alone is where an article begins; what is above belongs to the page. After the last paragraph, short lines
without sentences (counts, buttons) belong to the page again. Nothing is dropped silently: both are quoted in
notes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from exchange.importing.formats import credit_lines
from exchange.importing.formats.credit_lines import Credits
from exchange.importing.notes import Note, NoteKind

_COUNT = re.compile(
    r"^(?:共\s*)?\d[\d,.万w+]*\s*(?:条|个|次|人)?\s*(?:评论|点赞|赞|收藏|转发|分享|阅读|浏览)|^(?:评论|点赞|赞|收藏|转发|分享|阅读|浏览)(?:数|量)?\s*[:：(（]?\s*\d"
)
_LONGEST_CONTROL = 16
_LONGEST_CREDIT = 60
_FURTHEST_DATE = 4  # a date line belongs to the title at most so many lines above it
_FURTHEST_CREDIT = 8
_SENTENCE = re.compile(r"[。！？!?；;]|[，,].*[，,]")

NumberedLine = tuple[int, str]


@dataclass
class Frame:
    """What the frame says, and where the article's own text begins and ends among the lines."""

    title: str = ""
    credits: Credits = field(default_factory=Credits)
    begin: int = 0
    end: int = 0
    notes: list[Note] = field(default_factory=list)


def read(lines: list[NumberedLine]) -> Frame:
    """Find title, credits and end of the article among (line number, stripped text)."""
    frame = Frame()
    if not _begin(lines, frame):
        _title_first(lines, frame)
    frame.end = _end(lines, frame)
    return frame


def _begin(lines: list[NumberedLine], frame: Frame) -> bool:
    """Find title and date line. A date alone is believed only at the very top or above a flag."""
    for index, (number, line) in enumerate(lines):
        title = _title_above(lines, index) if credit_lines.is_date_line(line) else None
        if title is None:
            continue
        above = [entry for entry in lines[:title] if entry[1]]
        if above and not credit_lines.has_credit(line) and not _flag_below(lines, index):
            continue
        frame.title = lines[title][1]
        frame.notes += _quoted(NoteKind.NOT_ARTICLE, above)
        if not frame.credits.take_date_line(line):
            frame.notes.append(Note(NoteKind.NOT_ARTICLE, line, number))
        frame.begin = _after_credits(lines, index + 1, frame)
        return True
    return False


def _title_above(lines: list[NumberedLine], index: int) -> int | None:
    for back in range(index - 1, max(-1, index - 1 - _FURTHEST_DATE), -1):
        text = lines[back][1]
        if text:
            return back if 2 <= len(text) <= 120 and text[-1] not in "。；;，,：:" else None
    return None


def _flag_below(lines: list[NumberedLine], index: int) -> bool:
    following = next((text for _, text in lines[index + 1 : index + 3] if text), "")
    return credit_lines.flag_of(following) is not None


def _title_first(lines: list[NumberedLine], frame: Frame) -> None:
    """Without a date line the first line is the title, if it can be one."""
    first = next((index for index, (_, text) in enumerate(lines) if text), None)
    if first is not None and len(lines[first][1]) <= 80 and lines[first][1][-1] not in "。；;，,：:！!？?":
        frame.title = lines[first][1]
        frame.begin = _after_credits(lines, first + 1, frame)


def _after_credits(lines: list[NumberedLine], at: int, frame: Frame) -> int:
    """Read flags and credits; answer the index after the last of them."""
    after = at
    for index in range(at, min(at + _FURTHEST_CREDIT, len(lines))):
        text = lines[index][1]
        if text and (len(text) > _LONGEST_CREDIT or not frame.credits.take(text)):
            break
        if text:
            after = index + 1
    return after


def _end(lines: list[NumberedLine], frame: Frame) -> int:
    """Take counts and controls off the end, then the final source. Answers the index after the article."""
    end, body = len(lines), frame.begin
    counted = next((i for i in range(len(lines) - 1, body, -1) if _COUNT.match(lines[i][1])), None)
    if counted is not None and all(_is_control(text) for _, text in lines[counted:]):
        end = counted
        while end > body and (not lines[end - 1][1] or _COUNT.match(lines[end - 1][1])):
            end -= 1
        frame.notes += _quoted(NoteKind.COMMENTS, [entry for entry in lines[end:] if entry[1]])
    last = next((i for i in range(end - 1, body, -1) if lines[i][1]), None)
    source = credit_lines.SOURCE.match(lines[last][1]) if last is not None else None
    if last is None or source is None or source[0][0] in "(（" or not frame.credits.take_source(source[1]):
        return end
    return last


def _is_control(text: str) -> bool:
    """A button, a count, an empty line: nothing that says something."""
    return not text or (len(text) <= _LONGEST_CONTROL and not _SENTENCE.search(text))


def _quoted(kind: NoteKind, lines: list[NumberedLine]) -> list[Note]:
    return [Note(kind, "\n".join(text for _, text in lines), lines[0][0])] if lines else []

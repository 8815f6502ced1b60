"""Removes the page around an article that was copied from a browser: what is above and below it.

Recognised by structure, not by one page's words: a line with a date and a credit under a line that stands
alone is where an article begins; what is above belongs to the page. After the last paragraph, short lines
without sentences (counts, buttons) belong to the page again. Nothing is dropped silently: both are quoted in
notes.
"""

from __future__ import annotations

import re

from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Grid, Image, Piece, Text
from exchange.importing.recognition import credit_lines, people
from exchange.importing.recognition.work import Work

_COUNT = re.compile(
    r"^(?:共\s*)?\d[\d,.万w+]*\s*(?:条|个|次|人)?\s*(?:评论|点赞|赞|收藏|转发|分享|阅读|浏览)|^(?:评论|点赞|赞|收藏|转发|分享|阅读|浏览)(?:数|量)?\s*[:：(（]?\s*\d"
)
_LONGEST_CONTROL = 16
_SHORTEST_ARTICLE = 60
_FURTHEST_DATE = 4  # a date line belongs to the title at most so many lines above it
_SENTENCE = re.compile(r"[。！？!?；;]|[，,].*[，,]")

NumberedLine = tuple[int, str]


def recognise(work: Work) -> None:
    """Find title, credits and end of the article in plain text, and remove what is around it."""
    if work.form != "text":
        return
    lines = [(piece.line, _line_of(piece)) for piece in work.pieces]
    frame = _Frame(lines, work)
    frame.read()
    work.pieces = work.pieces[frame.begin : frame.end]


def _line_of(piece: Piece) -> str:
    match piece:
        case Text():
            return piece.text
        case Image():
            return piece.src
        case Grid():
            return "\n".join("\t".join(cell.text for cell in row) for row in piece.rows)
        case _:
            return ""


class _Frame:
    """`begin` and `end`: where the article's own text begins and ends among the lines."""

    def __init__(self, lines: list[NumberedLine], work: Work) -> None:
        self.lines = lines
        self.work = work
        self.begin = 0
        self.end = len(lines)

    def read(self) -> None:
        self._begin()
        self._end()

    def _begin(self) -> None:
        """Find title and date line. A date alone is accepted only at the very top or above a flag."""
        for index, (_number, line) in enumerate(self.lines):
            first = self._first_credit(index) if credit_lines.is_date_line(line) else None
            title = self._title_above(first) if first is not None else None
            if first is None or title is None:
                continue
            above = self.lines[:title]
            credited = any(credit_lines.has_credit(text) for _, text in self.lines[first : index + 1])
            if above and not (credited or self._flag_below(index)):
                continue
            if above and not self._has_text(index + 1):
                continue
            self.work.notes += _quoted(NoteKind.NOT_ARTICLE, above)
            self.begin = title
            return

    def _first_credit(self, index: int) -> int:
        """The first of the lines of credits, people and affiliations that end with this one."""
        while index > 1 and self._is_credit(self.lines[index - 1][1]):
            index -= 1
        return index

    def _is_credit(self, line: str) -> bool:
        if credit_lines.read(line) is not None or people.is_affiliation(line):
            return True
        found = people.people(line)
        return len(found) > 1 or any(one.title for one in found)

    def _has_text(self, start: int) -> bool:
        """Whether an article can follow: a date at the end of a notice has nothing under it."""
        return sum(len(text) for _, text in self.lines[start:] if _SENTENCE.search(text)) >= _SHORTEST_ARTICLE

    def _title_above(self, index: int) -> int | None:
        """The line before, where it can be a title and is near."""
        if index == 0 or self.lines[index][0] - self.lines[index - 1][0] > _FURTHEST_DATE:
            return None
        text = self.lines[index - 1][1]
        return index - 1 if 2 <= len(text) <= 120 and text[-1] not in "。；;，,：:" else None

    def _flag_below(self, index: int) -> bool:
        following = self.lines[index + 1][1] if index + 1 < len(self.lines) else ""
        return credit_lines.flag_of(following) is not None

    def _end(self) -> None:
        """Take counts and controls off the end."""
        lines, body = self.lines, self.begin
        counted = next((i for i in range(len(lines) - 1, body, -1) if _COUNT.match(lines[i][1])), None)
        if counted is None or not all(_is_control(text) for _, text in lines[counted:]):
            return
        end = counted
        while end > body + 1 and _COUNT.match(lines[end - 1][1]):
            end -= 1
        self.end = end
        self.work.notes += _quoted(NoteKind.COMMENTS, lines[end:])


def _is_control(text: str) -> bool:
    """A button or a count: a line without a statement."""
    return len(text) <= _LONGEST_CONTROL and not _SENTENCE.search(text)


def _quoted(kind: NoteKind, lines: list[NumberedLine]) -> list[Note]:
    return [Note(kind, "\n".join(text for _, text in lines), lines[0][0])] if lines else []

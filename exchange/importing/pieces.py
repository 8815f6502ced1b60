"""The result of a parser: the source as a flat list of pieces in reading order, nothing recognised yet.

Recognition turns runs of pieces into blocks of `draft.py`; a finished block is in the list as `Placed`.
"""

from __future__ import annotations

from dataclasses import dataclass

from exchange.importing.draft import Block, Row


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph: `text` as a reader sees it, `html` the same with its inline markup.

    `hard`: the source has a line break after it.
    """

    number: int
    text: str
    html: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is the format's own (Markdown's number of #); 0 when the format has none."""

    line: int
    level: int
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Text:
    lines: tuple[Line, ...]

    @property
    def line(self) -> int:
        return self.lines[0].number if self.lines else 0

    @property
    def text(self) -> str:
        return join([line.text for line in self.lines])

    @property
    def html(self) -> str:
        """The paragraph's inner HTML, with <br/> where the source asked for a break."""
        parts: list[str] = []
        for index, line in enumerate(self.lines):
            if index:
                before = self.lines[index - 1]
                parts.append("<br/>" if before.hard else glue(before.text, line.text))
            parts.append(line.html)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Image:
    line: int
    src: str
    alt: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands. `head` counts the leading rows marked as headings (None: none marked)."""

    line: int
    rows: tuple[Row, ...]
    head: int | None = None
    caption: str = ""
    note: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Markup:
    """Finished HTML blocks (a list, code, a formula) that go into the running text as they are.

    items: the texts of a list's own items; first: the number of the first one, 0 in a list without numbers.
    """

    line: int
    text: str
    html: str
    items: tuple[str, ...] = ()
    first: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A finished block, at its place."""

    line: int
    block: Block


Piece = Heading | Text | Image | Grid | Markup | Placed


def is_wide(char: str) -> bool:
    """Whether a character takes no spaces around it: Chinese, its punctuation, full-width forms."""
    return "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef"


def glue(before: str, after: str) -> str:
    """What joins two lines of one paragraph: nothing between Chinese characters, otherwise a space."""
    left, right = before.rstrip()[-1:], after.lstrip()[:1]
    if not left or not right:
        return ""
    return "" if is_wide(left) or is_wide(right) else " "


def join(texts: list[str]) -> str:
    """The texts of lines as one text."""
    joined = ""
    for text in texts:
        joined = joined.rstrip() + glue(joined, text) + text.lstrip() if joined else text
    return joined.strip()


def text_of(line: int, text: str, html: str) -> Text:
    """A paragraph of one line."""
    return Text((Line(line, text, html),))

"""Builds the body: headings to nested sections, text to paragraphs, mentions of figures to keys."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace

from exchange.importing.draft import (
    Block,
    Callout,
    Figure,
    Paragraph,
    References,
    Row,
    Section,
    Step,
    Steps,
    Table,
)
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Grid, Heading, Image, Markup, Placed, Text
from exchange.importing.recognition import captions
from exchange.importing.recognition.captions import Kind
from exchange.importing.recognition.numbering import Numbered
from exchange.importing.recognition.work import Work

DEEPEST = 3
LONGEST_HEADING = 120
LONGEST_CAPTION = 900
# Characters of HTML up to which paragraphs share a block: few enough to edit, and not too many blocks.
LONGEST_PARAGRAPHS = 4000
# Lines that are the heading of a part of a paper wherever they stand alone.
_KNOWN = re.compile(
    r"^(引言|前言|绪论|背景|研究背景|资料与方法|材料与方法|对象与方法|方法|研究方法|结果|研究结果|讨论|结论|研究结论|结语|小结|总结|解读|点评|专家点评|启示|专家简介|作者简介|"
    r"病例摘要|病例资料|病例报告|致谢|志谢|附录|"
    r"Introduction|Background|Methods|Materials and methods|Results|Discussion|"
    r"Limitations|Conclusions?|Key points|Acknowledge?ments|Appendix)$"
)
_CHINESE_NUMBER = re.compile(
    r"^([一二三四五六七八九十]{1,3}\s{,20}[、．.]|[（(][一二三四五六七八九十]{1,3}[)）])"
)
_DOTTED = re.compile(r"^\d{1,2}\s?[.．]\s?\d{1,2}")
_LONGEST_LOOSE = 50


@dataclass
class _Open:
    depth: int
    heading: str
    body: list[Block] = field(default_factory=list)


def recognise(work: Work) -> None:
    """Build the body of the article from the pieces that are left."""
    work.body, notes = _Builder(work).run()
    work.notes += notes


class _Builder:
    def __init__(self, work: Work) -> None:
        pieces = self.pieces = work.pieces
        self.keys = work.keys
        self.english = work.english
        self.notes: list[Note] = []
        self.numbers = work.readers.numbers()
        self.labels: list[str] = []
        self.unknown: dict[str, int] = {}
        levels = {piece.level for piece in pieces if isinstance(piece, Heading)}
        self.trusted = len(levels) > 1
        self.base = min(levels, default=1)
        self.stack = [_Open(0, "")]
        self.line = 0

    def run(self) -> tuple[tuple[Block, ...], list[Note]]:
        for index, piece in enumerate(self.pieces):
            self.line = piece.line
            match piece:
                case Heading():
                    self._heading(piece, index)
                case Text():
                    heading = self._loose_heading(piece)
                    if heading:
                        self._open(*heading)
                    else:
                        self._paragraph(f"<p>{self._link(piece.html)}</p>")
                case Markup(_, _, markup):
                    self._paragraph(self._link(markup))
                case Placed(_, block):
                    self._place(block)
                case Grid() | Image():
                    raise AssertionError("pictures and tables are placed before sections are built")
        while len(self.stack) > 1:
            self._close()
        if self.labels:
            self.notes.append(Note(NoteKind.NUMBERS, "; ".join(self.labels)))
        self.notes += [Note(NoteKind.MENTION_UNKNOWN, text, line) for text, line in self.unknown.items()]
        return tuple(self.stack[0].body), self.notes

    def _heading(self, piece: Heading, index: int) -> None:
        number = self.numbers.read(piece.text) if _is_heading(piece.text) else None
        title = number.rest.strip() if number else piece.text
        if not _is_heading(piece.text) or (number is None and _is_sentence(piece.text)) or not title:
            self.notes.append(Note(NoteKind.NOT_A_HEADING, piece.text[:80], piece.line))
            self._paragraph(f"<p>{self._link(piece.html)}</p>")
            return
        if self.trusted:
            depth = piece.level - self.base + 1
        elif number:
            depth = number.depth
        else:
            before = self.pieces[index - 1] if index else None
            follows = isinstance(before, Heading) and self.stack[-1].depth == 1
            depth = 2 if follows and self.numbers.last else 1
        self._open(depth, title, number)

    def _loose_heading(self, piece: Text) -> tuple[int, str, Numbered | None] | None:
        """A paragraph that is a heading without its markup: `1.2 一般资料`, `一、概述`, `讨论`."""
        text = piece.text
        if len(piece.lines) != 1 or len(text) > _LONGEST_LOOSE or text[-1:] in "。；;：:，,.、！？!?）)":
            return None
        if _KNOWN.match(text):
            return 1, text, None
        if _CHINESE_NUMBER.match(text) and not re.search("[。；;]|，.*，", text):
            number = self.numbers.read(text)
            return (number.depth, number.rest.strip(), number) if number else None
        if (
            _DOTTED.match(text)
            and re.search(r"[\u4e00-\u9fff]{2}", text)
            and not re.search("[，。；;]", text)
        ):
            number = self.numbers.peek_decimal(text)
            if number and re.match(r"\s{,20}(?:\d{0,3}[\u4e00-\u9fff]|[A-Za-z])", number.rest):
                return number.depth, number.rest.strip(), number
        return None

    def _open(self, depth: int, heading: str, number: Numbered | None) -> None:
        if number:
            self.labels.append(f"{number.label} {heading}"[:60])
        while len(self.stack) > 1 and self.stack[-1].depth >= depth:
            self._close()
        while len(self.stack) > DEEPEST:
            self._close()
        self.stack.append(_Open(depth, heading.rstrip(":： ") or heading))

    def _close(self) -> None:
        done = self.stack.pop()
        level = len(self.stack)
        self.stack[-1].body.append(Section(done.heading, level, tuple(done.body)))

    def _paragraph(self, markup: str) -> None:
        body = self.stack[-1].body
        last = body[-1] if body else None
        if isinstance(last, Paragraph) and len(last.html) + len(markup) <= LONGEST_PARAGRAPHS:
            body[-1] = Paragraph(last.html + markup)
        else:
            body.append(Paragraph(markup))

    def _place(self, block: Block) -> None:
        if isinstance(block, References | Callout):  # they belong to the article, not to the part before them
            while len(self.stack) > 1:
                self._close()
        body = self.stack[-1].body
        match block:
            case Figure() | Table():
                caption, rest = _cut(block.caption)
                block = replace(block, caption=self._link(caption))
                if isinstance(block, Table):
                    block = replace(
                        block,
                        head=self._cells(block.head),
                        rows=self._cells(block.rows),
                        note=self._link(block.note),
                    )
                body.append(block)
                if rest:
                    self._paragraph(f"<p>{self._link(html.escape(rest, quote=False))}</p>")
            case Callout():
                body.append(replace(block, html=self._link(block.html)))
            case Steps(items):
                body.append(Steps(tuple(Step(item.title, self._link(item.html)) for item in items)))
            case _:
                body.append(block)

    def _cells(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(tuple(replace(cell, text=self._link(cell.text)) for cell in row) for row in rows)

    def _link(self, markup: str) -> str:
        return captions.link(markup, self._key, english=self.english)

    def _key(self, kind: Kind, number: int) -> str | None:
        key = self.keys.get((kind, number))
        if key is None:
            self.unknown.setdefault(f"{kind}{number}", self.line)
        return key


def _is_heading(text: str) -> bool:
    """Words, and not too many; a page number or a single letter of the scan is no heading."""
    return len(text) <= LONGEST_HEADING and bool(re.search(r"[^\W\d_]{2}|[\u4e00-\u9fff]", text))


def _is_sentence(text: str) -> bool:
    """A line of running text that the source marks as a heading."""
    return text[-1:] in "，,；;、" or (len(text) >= 18 and bool(re.search(r"[，；。]", text)))


def _cut(caption: str) -> tuple[str, str]:
    """A caption and what is too long for it, cut after a sentence where there is one."""
    if len(caption) <= LONGEST_CAPTION:
        return caption, ""
    ends = [m.end() for m in re.finditer(r"[。；;]|\.\s|\s", caption[:LONGEST_CAPTION])]
    at = ends[-1] if ends and ends[-1] > LONGEST_CAPTION // 2 else LONGEST_CAPTION
    return caption[:at].rstrip(), caption[at:].strip()

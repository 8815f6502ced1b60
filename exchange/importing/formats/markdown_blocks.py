"""Converts markdown-it's flat list of block tokens to pieces."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from exchange.importing.draft import Cell, Row
from exchange.importing.formats import html_tables, inline
from exchange.importing.formats.markdown_lists import ListReader, stripped, table_as_lines, without_comments
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Grid, Heading, Image, Line, Markup, Piece, Text


@dataclass
class MarkdownText:
    """The result of the parser: the pieces, the key: value lines above the text, and notes."""

    pieces: list[Piece] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


class Walker:
    """Walks markdown-it's flat list of block tokens and adds pieces."""

    def __init__(self, out: MarkdownText, tables: list[str], skipped: int) -> None:
        self.out = out
        self.tables = tables
        self.skipped = skipped

    def line(self, token: Token) -> int:
        return (token.map[0] + 1 + self.skipped) if token.map else 0

    def blocks(self, tokens: list[Token]) -> None:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            match token.type:
                case "heading_open":
                    self._heading(tokens[at + 1], int(token.tag[1]), self.line(token))
                    at += 3
                    continue
                case "inline":
                    self._paragraph(token)
                case "bullet_list_open" | "ordered_list_open":
                    at = self._list(tokens, at)
                    continue
                case "table_open":
                    at = self._table(tokens, at)
                    continue
                case "fence" | "code_block":
                    self._code(token)
                case "math_block" | "math_block_label":
                    self._formula(token)
                case "html_block":
                    self._html(token)
            at += 1

    def _inline(self, token: Token) -> list[inline.Part]:
        parts, notes = inline.read(token.children or [], self.line(token))
        self.out.notes += notes
        return parts

    def _heading(self, token: Token, level: int, line: int) -> None:
        lines: list[Line] = []
        for part in self._inline(token):
            if isinstance(part, Line):
                lines.append(part)
            else:
                self._float(part)
        if lines:
            text = Text(tuple(lines))
            self.out.pieces.append(Heading(line, level, text.text, text.html.replace("<br/>", "")))

    def _paragraph(self, token: Token) -> None:
        pending: list[Line] = []
        for part in self._inline(token):
            if isinstance(part, Line):
                pending.append(part)
            else:
                self._flush(pending)
                self._float(part)
        self._flush(pending)

    def _float(self, part: Image | inline.TableMark) -> None:
        if isinstance(part, Image):
            self.out.pieces.append(part)
        else:
            self._html_table(self.tables[part.index], part.line)

    def _flush(self, pending: list[Line]) -> None:
        if pending:
            self.out.pieces.append(Text(tuple(pending)))
            pending.clear()

    def _html_table(self, markup: str, line: int) -> None:
        table = html_tables.read(markup)
        rows = tuple(table.rows)
        if rows or table.caption:
            self.out.pieces.append(Grid(line, rows, table.head, table.caption, broken=table.broken))
        self.out.pieces += [Image(line, source, alt) for source, alt in table.pictures]
        self.out.notes += [Note(NoteKind.MARKUP_DROPPED, comment, line) for comment in table.comments]

    def _list(self, tokens: list[Token], at: int) -> int:
        """A list as ready HTML, its pictures behind it."""
        end = _closing(tokens, at)
        listed = ListReader(self._inline, self.tables, self.out.notes)
        listed.read(tokens[at : end + 1])
        self.out.pieces.append(
            Markup(self.line(tokens[at]), listed.text, listed.html, listed.items, listed.first)
        )
        self.out.pieces += listed.pictures
        return end + 1

    def _table(self, tokens: list[Token], at: int) -> int:
        end = _closing(tokens, at)
        rows: list[Row] = []
        head = 0
        row: list[Cell] = []
        for token in tokens[at : end + 1]:
            if token.type == "tr_open":
                row = []
            elif token.type == "tr_close":
                rows.append(tuple(row))
            elif token.type == "thead_close":
                head = len(rows)
            elif token.type == "inline":
                texts: list[str] = []
                for part in self._inline(token):
                    if isinstance(part, Image):
                        self.out.pieces.append(part)
                    elif isinstance(part, inline.TableMark):
                        inner = table_as_lines(self.tables[part.index], part.line, self.out.notes)
                        texts += [line.text for line in inner]
                    else:
                        texts.append(part.text)
                row.append(Cell(" ".join(texts)))
        self.out.pieces.append(Grid(self.line(tokens[at]), tuple(rows), head or None))
        return end + 1

    def _code(self, token: Token) -> None:
        lines = [line for line in token.content.splitlines() if line.strip()]
        markup = "<br/>".join(html.escape(line, quote=False) for line in lines)
        if lines:
            self.out.pieces.append(Markup(self.line(token), " ".join(lines), f"<p>{markup}</p>"))

    def _formula(self, token: Token) -> None:
        tex = " ".join(token.content.split())
        if token.info:
            tex = f"{tex} ({token.info})"
        if tex:
            text = f"$${tex}$$"
            self.out.pieces.append(Markup(self.line(token), text, f"<p>{html.escape(text, quote=False)}</p>"))

    def _html(self, token: Token) -> None:
        """A block of HTML: its text becomes paragraphs, its tags and comments are reported."""
        line = self.line(token)
        content, comments = without_comments(token.content)
        for text in stripped(content):
            for index, chunk in enumerate(inline.TABLE_MARK.split(text)):
                if index % 2:
                    self._html_table(self.tables[int(chunk)], line)
                elif chunk.strip():
                    plain = html_tables.clean(chunk)
                    self._flush([Line(line, plain, html.escape(plain, quote=False))])
        tags = re.findall(r"<img\b([^>]*)>", content, re.IGNORECASE)
        self.out.pieces += [inline.picture(line, attributes) for attributes in tags]
        dropped = [*comments, " ".join(re.findall(r"<[^<>]*>", content))[:200]]
        self.out.notes += [Note(NoteKind.MARKUP_DROPPED, text, line) for text in dropped if text]


def _closing(tokens: list[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting if tokens[index].type in _pair(tokens[at].type) else 0
        if depth == 0:
            return index
    return len(tokens) - 1


def _pair(opening: str) -> tuple[str, str]:
    return opening, opening.removesuffix("_open") + "_close"

"""markdown-it's flat list of block tokens -> pieces."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from cms.importing.draft import Cell, Row
from cms.importing.formats import html_tables, inline
from cms.importing.notes import Note, NoteKind
from cms.importing.pieces import Grid, Heading, Image, Line, Markup, Piece, Text


@dataclass
class MarkdownText:
    """What the parser answers: the pieces, the key: value lines above the text, and remarks."""

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
        for source in table.pictures:
            self.out.pieces.append(Image(line, source))

    def _list(self, tokens: list[Token], at: int) -> int:
        """A list as ready HTML; an ordered list of `**title** text` items is left as such for `steps.py`."""
        opening = tokens[at]
        end = _closing(tokens, at)
        line = self.line(opening)
        pictures: list[Image] = []
        markup, text = self._list_html(tokens[at : end + 1], pictures)
        self.out.pieces.append(Markup(line, text, markup))
        self.out.pieces += pictures
        return end + 1

    def _list_html(self, tokens: list[Token], pictures: list[Image]) -> tuple[str, str]:
        parts: list[str] = []
        texts: list[str] = []
        for token in tokens:
            match token.type:
                case "bullet_list_open" | "bullet_list_close":
                    parts.append("<ul>" if token.nesting > 0 else "</ul>")
                case "ordered_list_open":
                    parts.append("<ol>")
                    start = token.attrs.get("start", 1)
                    if start != 1:
                        parts[-1] = f'<ol start="{start}">'
                case "ordered_list_close":
                    parts.append("</ol>")
                case "list_item_open" | "list_item_close":
                    parts.append("<li>" if token.nesting > 0 else "</li>")
                case "inline":
                    lines: list[Line] = []
                    for part in self._inline(token):
                        if isinstance(part, Image):
                            pictures.append(part)
                        elif isinstance(part, inline.TableMark):
                            lines += _table_as_lines(self.tables[part.index], part.line)
                        else:
                            lines.append(part)
                    piece = Text(tuple(lines))
                    if parts and not parts[-1].startswith("<"):
                        parts.append("<br/>")
                    parts.append(piece.html)
                    texts.append(piece.text)
                case "fence" | "code_block" | "math_block" | "math_block_label":
                    parts.append(html.escape(token.content.strip(), quote=False))
                    texts.append(token.content)
                case "html_block":
                    text = html_tables.clean(" ".join(_stripped(token.content)))
                    parts.append(html.escape(text, quote=False))
                    texts.append(text)
        return "".join(parts), " ".join(texts)

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
                        texts += [line.text for line in _table_as_lines(self.tables[part.index], part.line)]
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
        line = self.line(token)
        for text in _stripped(token.content):
            for index, chunk in enumerate(inline.TABLE_MARK.split(text)):
                if index % 2:
                    self._html_table(self.tables[int(chunk)], line)
                elif chunk.strip():
                    plain = html_tables.clean(chunk)
                    self._flush([Line(line, plain, html.escape(plain, quote=False))])
        for source in re.findall(r"<img\b[^>]*\bsrc\s*=\s*[\"']?([^\"'\s>]+)", token.content, re.IGNORECASE):
            self.out.pieces.append(Image(line, source))
        self.out.notes.append(Note(NoteKind.MARKUP_DROPPED, token.content.strip()[:80], line))


def _stripped(markup: str) -> list[str]:
    """The texts of an HTML block, one per element; what only looks like a tag stays."""
    texts: list[str] = []
    for chunk in re.split(r"(<[^<>]*>)", markup):
        name = re.match(r"</?([A-Za-z][A-Za-z0-9]*)", chunk)
        if not (name and name[1].lower() in inline.DROPPED | inline.KEPT.keys()):
            chunk = re.sub(r"^<!--|-->$", "", chunk)
            texts.append(html.unescape(chunk))
    return texts


def _table_as_lines(markup: str, line: int) -> list[Line]:
    table = html_tables.read(markup)
    texts = [table.caption, *(" | ".join(cell.text for cell in row) for row in table.rows)]
    return [Line(line, text, html.escape(text, quote=False), hard=True) for text in texts if text]


def _closing(tokens: list[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting if tokens[index].type in _pair(tokens[at].type) else 0
        if depth == 0:
            return index
    return len(tokens) - 1


def _pair(opening: str) -> tuple[str, str]:
    return opening, opening.removesuffix("_open") + "_close"

"""Converts lists of Markdown to HTML. Numbers that do not begin at 1 become words: HTML would lose them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from exchange.importing.formats import html_tables, inline
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Image, Line, Text

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class ListReader:
    """Reads the tokens of one list with everything in it; the result is in `html`, `text` and `pictures`."""

    def __init__(
        self,
        inline_parts: Callable[[Token], list[inline.Part]],
        tables: Sequence[str],
        notes: list[Note],
    ) -> None:
        self._inline_parts = inline_parts
        self._tables = tables
        self._notes = notes
        self._parts: list[str] = []
        self._texts: list[str] = []
        self._next: list[int | None] = []
        self._items: list[list[str]] = []
        self.first = 0
        self.pictures: list[Image] = []

    @property
    def html(self) -> str:
        return "".join(self._parts)

    @property
    def text(self) -> str:
        return " ".join(self._texts)

    @property
    def items(self) -> tuple[str, ...]:
        """The texts of the list's own items, each with what is nested in it."""
        return tuple(" ".join(texts) for texts in self._items)

    def read(self, tokens: list[Token]) -> None:
        for token in tokens:
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    self._open(token)
                case "bullet_list_close" | "ordered_list_close":
                    plain = self._next.pop() is None and token.type == "ordered_list_close"
                    self._parts.append("</ol>" if plain else "</ul>")
                case "list_item_open":
                    self._item()
                case "list_item_close":
                    self._parts.append("</li>")
                case "inline":
                    self._words(self._inline_parts(token))
                case "fence" | "code_block" | "math_block" | "math_block_label":
                    self._add_text(token.content.strip())
                case "html_block":
                    content, comments = without_comments(token.content)
                    self._notes += [Note(NoteKind.MARKUP_DROPPED, comment) for comment in comments]
                    self._add_text(html_tables.clean(" ".join(stripped(content))))

    def _open(self, token: Token) -> None:
        start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else 1
        if not self._next:
            self.first = start if token.type == "ordered_list_open" else 0
        self._next.append(None if start == 1 else start)
        self._parts.append("<ol>" if token.type == "ordered_list_open" and start == 1 else "<ul>")

    def _item(self) -> None:
        self._parts.append("<li>")
        if len(self._next) == 1:
            self._items.append([])
        number = self._next[-1]
        if number is not None:
            self._parts.append(f"{number}. ")
            self._next[-1] = number + 1

    def _words(self, parts: list[inline.Part]) -> None:
        lines: list[Line] = []
        for part in parts:
            if isinstance(part, Image):
                self.pictures.append(part)
            elif isinstance(part, inline.TableMark):
                lines += table_as_lines(self._tables[part.index], part.line, self._notes)
            else:
                lines.append(part)
        piece = Text(tuple(lines))
        self._add_text(piece.text, piece.html)

    def _add_text(self, text: str, markup: str | None = None) -> None:
        if self._parts and not self._parts[-1].startswith("<") and not self._parts[-1].endswith(". "):
            self._parts.append("<br/>")
        self._parts.append(html.escape(text, quote=False) if markup is None else markup)
        self._texts.append(text)
        if self._items:
            self._items[-1].append(text)


def stripped(markup: str) -> list[str]:
    """The texts of an HTML block, one per element; what only looks like a tag stays."""
    texts: list[str] = []
    for chunk in re.split(r"(<[^<>]*>)", markup):
        name = re.match(r"</?([A-Za-z][A-Za-z0-9]*)", chunk)
        if not (name and name[1].lower() in inline.MARKUP):
            texts.append(html.unescape(chunk))
    return texts


def without_comments(markup: str) -> tuple[str, list[str]]:
    """The markup without its comments, and those. An unclosed comment is text: it may hold the rest."""
    return replace_comments(markup, lambda _found: " "), COMMENT.findall(_commented(markup))


def replace_comments(markup: str, replacement: Callable[[re.Match[str]], str]) -> str:
    """The markup with each whole comment replaced."""
    commented = _commented(markup)
    return COMMENT.sub(replacement, commented) + markup[len(commented) :]


def _commented(markup: str) -> str:
    """The part up to the end of the last comment, so that no later `<!--` is searched to the end."""
    return markup[: markup.rfind("-->") + 3] if "-->" in markup else ""


def table_as_lines(markup: str, line: int, notes: list[Note]) -> list[Line]:
    """A table where none can stand (in a list, in a cell): a line for each row, notes for the rest."""
    table = html_tables.read(markup)
    dropped = [*table.comments, *(f"{source} {alt}" for source, alt in table.pictures)]
    notes += [Note(NoteKind.MARKUP_DROPPED, text, line) for text in dropped]
    texts = [table.caption, *(" | ".join(cell.text for cell in row) for row in table.rows)]
    return [Line(line, text, html.escape(text, quote=False), hard=True) for text in texts if text]

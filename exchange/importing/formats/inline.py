"""Parses inline Markdown (markdown-it tokens) to lines of text and small HTML, with pictures taken out.

The HTML uses b, i, sub, sup, a and br only. Formulas become readable text (see `formulas.py`), or stay as
TeX between dollar signs. Tags that are no tags of HTML (`<input file>`, `P <0.05`) are text, as in the
source.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it.token import Token

from exchange.importing.formats import formulas
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Image, Line

# Stands for a table that was taken out of the source; private-use characters, removed from sources
# beforehand.
TABLE_MARK = re.compile("\ue0f0(\\d+)\ue0f1")
KEPT = {"sub": "sub", "sup": "sup", "b": "b", "strong": "b", "i": "i", "em": "i"}
# Elements of HTML whose tags have no meaning in an article; their text stays.
DROPPED = frozenset(
    [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "big",
        "body",
        "br",
        "center",
        "cite",
        "code",
        "data",
        "div",
        "dl",
        "dd",
        "dt",
        "figcaption",
        "figure",
        "font",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "img",
        "kbd",
        "label",
        "li",
        "main",
        "mark",
        "meta",
        "nav",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "script",
        "section",
        "small",
        "span",
        "strike",
        "style",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
    ]
)
MARKUP = DROPPED | KEPT.keys()
_TAG = re.compile(
    r"^<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*/?>$"
)
_SAFE_LINK = re.compile(r"^(https?://|mailto:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TableMark:
    """Place of the table with this index."""

    line: int
    index: int


Part = Line | Image | TableMark


@dataclass
class _Reader:
    line: int
    text: str = ""
    html: str = ""
    open: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, text: str, markup: str | None = None) -> None:
        self.text += text
        self.html += html.escape(text, quote=False) if markup is None else markup

    def begin(self, tag: str) -> None:
        self.open.append(tag)
        self.html += f"<{tag}>"

    def end(self, tag: str) -> None:
        if tag not in [name.split(" ")[0] for name in self.open]:
            return
        while self.open:
            last = self.open.pop()
            self.html += f"</{last.split(' ')[0]}>"
            if last.split(" ")[0] == tag:
                break

    def flush(self, *, hard: bool = False) -> None:
        """Finish a line; elements that are still open are closed here and opened again on the next."""
        closing = "".join(f"</{name.split(' ')[0]}>" for name in reversed(self.open))
        if self.text.strip():
            self.parts.append(Line(self.line, self.text.strip(), _trimmed(self.html + closing), hard=hard))
        self.text = ""
        self.html = "".join(f"<{name}>" for name in self.open)


def read(tokens: Sequence[Token], line: int) -> tuple[list[Part], list[Note]]:
    """The lines, pictures and table marks of one inline run that begins at `line`, and notes."""
    reader = _Reader(line)
    for token in tokens:
        _token(reader, token)
    while reader.open:
        reader.end(reader.open[-1].split(" ")[0])
    reader.flush()
    return reader.parts, reader.notes


_ELEMENTS = {"strong_open": "b", "strong_close": "b", "em_open": "i", "em_close": "i", "link_close": "a"}
_SILENT = ("s_open", "s_close")


def _token(reader: _Reader, token: Token) -> None:
    match token.type:
        case "text" | "text_special":
            _words(reader, token.content)
        case "softbreak" | "hardbreak":
            reader.flush(hard=token.type == "hardbreak")
            reader.line += 1
        case "math_inline" | "math_inline_double":
            _formula(reader, token.content)
        case "link_open":
            href = str(token.attrs.get("href", ""))
            if _SAFE_LINK.match(href):
                reader.begin(f'a href="{html.escape(href)}"')
            else:
                reader.notes.append(Note(NoteKind.MARKUP_DROPPED, unquote(href), reader.line))
        case "image":
            _image(reader, token)
        case "html_inline":
            _tag(reader, token.content)
        case kind if kind in _ELEMENTS:
            (reader.begin if token.nesting > 0 else reader.end)(_ELEMENTS[kind])
        case kind if kind not in _SILENT:
            reader.add(token.content)


def _words(reader: _Reader, text: str) -> None:
    for index, chunk in enumerate(TABLE_MARK.split(text)):
        if index % 2:
            reader.flush()
            reader.parts.append(TableMark(reader.line, int(chunk)))
        else:
            reader.add(chunk)


def _formula(reader: _Reader, tex: str) -> None:
    text, markup, understood = formulas.shown(tex)
    reader.add(text, markup)
    if not understood:
        reader.notes.append(Note(NoteKind.FORMULA_AS_TEX, text[:80], reader.line))


def _image(reader: _Reader, token: Token) -> None:
    alt = "".join(child.content for child in token.children or ()) or token.content
    reader.flush()
    reader.parts.append(
        Image(reader.line, str(token.attrs.get("src", "")), alt, str(token.attrs.get("title", "")))
    )


def _tag(reader: _Reader, content: str) -> None:
    found = _TAG.match(content)
    name = found[2].lower() if found else ""
    if found and name in KEPT:
        if found[1]:
            reader.end(KEPT[name])
        else:
            reader.begin(KEPT[name])
    elif name == "br":
        reader.flush(hard=True)
    elif found and name == "img":
        reader.flush()
        reader.parts.append(picture(reader.line, found[3]))
    elif content.startswith("<!--") or (found and name in DROPPED):
        reader.notes.append(Note(NoteKind.MARKUP_DROPPED, content, reader.line))
    else:
        reader.add(content)


def picture(line: int, attributes: str) -> Image:
    """The picture that the attributes of an <img> tag describe."""
    source = re.search(r"\bsrc\s{,20}=\s{,20}[\"']?([^\"'\s>]+)", attributes, re.IGNORECASE)
    alt = re.search(r"\balt\s{,20}=\s{,20}(?:\"([^\"]*)\"|'([^']*)')", attributes, re.IGNORECASE)
    return Image(line, source[1] if source else "", html.unescape(alt[1] or alt[2] or "") if alt else "")


def _trimmed(markup: str) -> str:
    """Spaces at both ends of a line's HTML have no meaning."""
    # A run of spaces is matched once, from its start: in 50,000 of them each would be a start of its own.
    without_end = re.sub(r"(?<!\s)\s+((?:</[a-z]{1,20}>)*)$", r"\1", markup)
    return re.sub(r"^((?:<[a-z][^<>]*>)*)\s+", r"\1", without_end)

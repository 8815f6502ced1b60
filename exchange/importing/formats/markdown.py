"""Parses Markdown to pieces. CommonMark with tables and $formulas$; rules that drop text are switched off.

Off: link reference definitions (they vanish from the output) and indented code (scanned papers are indented
at random). HTML tables are taken out before Markdown is parsed, because a blank line inside one would split
it.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from exchange.importing.formats import inline
from exchange.importing.formats.html_tables import open_comments_as_text
from exchange.importing.formats.markdown_blocks import MarkdownText, Walker
from exchange.importing.formats.markdown_lists import replace_comments

_MARK = "\ue0f0{}\ue0f1"
_TABLE_TAG = re.compile(r"<(/?)table\b[^<>]*>", re.IGNORECASE)
_SHELL = re.compile(r"</?(?:html|body|head)\b[^<>]*>", re.IGNORECASE)
# A formula whose closing sign the scan escaped: $3 . 6 \$ 岁.
_ESCAPED_CLOSE = re.compile(
    r"(?<![\\$])\$([^$\n\u4e00-\u9fff]{1,200}?)\\\$(?=\s*[\u4e00-\u9fff，。；,;)）]|\s*$)", re.MULTILINE
)
_META = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def read(source: str) -> MarkdownText:
    """Parse Markdown; never raises for any text."""
    source = re.sub("[\ue0f0\ue0f1\x00]", "", source)
    source = open_comments_as_text(source)
    source = _ESCAPED_CLOSE.sub(r"$\1$", source)
    out = MarkdownText()
    skipped = 0
    if found := _META.match(source):
        meta = _meta(found[1])
        if meta is not None:
            out.meta = meta
            skipped = source[: found.end()].count("\n")
            source = source[found.end() :]
    source, tables = _take_tables(source)
    tokens = _parser().parse(source)
    _restore(tokens, tables)
    Walker(out, tables, skipped).blocks(tokens)
    return out


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable(["reference", "code"])
    return parser.use(dollarmath_plugin, allow_space=True, allow_digits=True, double_inline=True)


def _meta(block: str) -> dict[str, str] | None:
    """`key: value` lines; None when the block is anything else (then it is text, not meta data)."""
    meta: dict[str, str] = {}
    for line in block.splitlines():
        if not line.strip():
            continue
        key, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z_][\w-]*", key.strip()):
            return None
        meta[key.strip().lower()] = value.strip().strip("\"'")
    return meta


def _take_tables(source: str) -> tuple[str, list[str]]:
    """Replace each outermost table by a mark and its line breaks, so that line numbers stay true."""
    if not _TABLE_TAG.search(source):
        return source, []
    parts: list[str] = []
    tables: list[str] = []
    at = 0
    while found := _TABLE_TAG.search(source, at):
        if found[1]:  # a closing tag without a table: markup, not text
            parts.append(source[at : found.start()])
            at = found.end()
            continue
        end = _end_of_table(source, found.start())
        markup = source[found.start() : end]
        parts += [source[at : found.start()], _MARK.format(len(tables)), "\n" * markup.count("\n")]
        tables.append(markup)
        at = end
    parts.append(source[at:])
    return _SHELL.sub("", "".join(parts)), tables


def _restore(tokens: list[Token], tables: list[str]) -> None:
    """Where a mark fell into code, a formula or an attribute, put the table's own characters back."""

    def original(text: str) -> str:
        return inline.TABLE_MARK.sub(lambda found: tables[int(found[1])], text)

    for token in tokens:
        if token.type == "html_block":
            token.content = replace_comments(token.content, lambda found: original(found[0]))
        elif token.type not in ("text", "text_special", "inline"):
            token.content = original(token.content)
        for key, value in token.attrs.items():
            if isinstance(value, str):
                token.attrs[key] = original(value)
        if token.children:
            if token.type == "image":
                token.content = original(token.content)
                for child in token.children:
                    child.content = original(child.content)
            else:
                _restore(token.children, tables)


def _end_of_table(source: str, start: int) -> int:
    depth = 0
    for tag in _TABLE_TAG.finditer(source, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.end()
    blank = re.search(r"\n[ \t]*\n|\n(?=#)", source[start:])
    return start + blank.start() if blank else len(source)

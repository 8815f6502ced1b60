"""The words of an article document (the API's JSON, see cms) as passages: one a title, paragraph or cell."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

Document = dict[str, Any]

_BREAKING_TAG = re.compile(r"</?(?:p|br|li|ul|ol|h[1-6]|blockquote|div|tr|td|th|hr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def plain(markup: str) -> str:
    """Cleaned rich text -> text, a line for each paragraph. Superscripts stay with their word."""
    return html.unescape(_TAG.sub("", _BREAKING_TAG.sub("\n", markup))).strip()


def byline(document: Document) -> list[str]:
    return [
        part
        for author in document.get("byline") or []
        for part in (author.get("name"), author.get("title"), author.get("affiliation"))
        if part
    ]


def _section(block: Document) -> Iterator[str]:
    yield block.get("heading", "")
    for child in block.get("body") or []:
        yield from block_passages(child)


def _titled_text(block: Document) -> Iterator[str]:
    """A callout, a step, or a paragraph, which has no title."""
    yield block.get("title", "")
    yield plain(block.get("html", ""))


def _steps(block: Document) -> Iterator[str]:
    for item in block.get("items") or []:
        yield from _titled_text(item)


def _figure(block: Document) -> Iterator[str]:
    yield f"{block.get('label', '')} {block.get('caption', '')}"
    yield from (block.get("alt", ""), block.get("source", ""))


def _table(block: Document) -> Iterator[str]:
    yield f"{block.get('label', '')} {block.get('caption', '')}"
    for row in [*(block.get("head") or []), *(block.get("rows") or [])]:
        yield from (cell.get("text", "") for cell in row)
    yield block.get("note", "")


def _key_points(block: Document) -> Iterator[str]:
    yield from block.get("items") or []


def _references(block: Document) -> Iterator[str]:
    yield from (item.get("text", "") for item in block.get("items") or [])


PASSAGES: dict[str, Callable[[Document], Iterator[str]]] = {
    "section": _section,
    "paragraph": _titled_text,
    "steps": _steps,
    "figure": _figure,
    "table": _table,
    "callout": _titled_text,
    "key_points": _key_points,
    "references": _references,
}
"""Every block type that readers see. `tests/search/test_article_text.py` fails when cms knows another."""


def block_passages(block: Document) -> Iterator[str]:
    """Every word of a block that readers see; nothing for a type that is not in PASSAGES."""
    extract = PASSAGES.get(block.get("type", ""))
    return extract(block) if extract else iter(())


def _filled(passages: Iterator[str]) -> list[str]:
    lines = (line.strip() for passage in passages if passage for line in passage.split("\n"))
    return [line for line in lines if line]


def front_passages(document: Document) -> list[str]:
    """Title, summary, byline and source: what the teaser shows."""
    source = document.get("source") or {}
    parts = [
        document.get("title", ""),
        document.get("summary", ""),
        *byline(document),
        source.get("organisation"),
    ]
    return _filled(part for part in parts if part)


def body_passages(document: Document) -> list[str]:
    return _filled(passage for block in document.get("body") or [] for passage in block_passages(block))


def gated_passages(public: Document, full: Document) -> list[str]:
    """The passages of the full document's blocks that the public document does not hold word for word."""
    open_blocks = public.get("body") or []
    return _filled(
        passage
        for block in full.get("body") or []
        if block not in open_blocks
        for passage in block_passages(block)
    )

"""The texts of an article document (the API's JSON) as passages; the kinds of blocks return theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cms.blocks.registry import walk_forms

Document = dict[str, Any]


def byline(document: Document) -> list[str]:
    return [
        part
        for author in document.get("byline") or []
        for part in (author.get("name"), author.get("title"), author.get("affiliation"))
        if part
    ]


def block_passages(block: Document) -> Iterator[str]:
    """Every text of a block that readers see; nothing for a type that cms does not know."""
    for kind, form in walk_forms([block]):
        yield from kind.passages(form)


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

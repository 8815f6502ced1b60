"""A draft as an editor sees it, short enough to be written by hand (editors/README.md)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from exchange.importing.draft import (
    Block,
    Callout,
    DraftArticle,
    Figure,
    Paragraph,
    References,
    Section,
    Steps,
    Table,
)
from exchange.importing.notes import NoteKind


def outline(draft: DraftArticle) -> dict[str, Any]:
    """Fields and body; what is empty is left out."""
    quoted = [
        line
        for note in draft.notes
        if note.kind in (NoteKind.NOT_ARTICLE, NoteKind.COMMENTS)
        for line in note.text.split("\n")
    ]
    return _filled(
        title=draft.title,
        summary=draft.summary,
        date=str(draft.date or ""),
        byline=[_filled(**asdict(author)) for author in draft.byline],
        originality=str(draft.originality or ""),
        source=draft.source_organisation,
        url=draft.source_url,
        body=list(_blocks(draft.body)),
        left_out=quoted,
    )


def _filled(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _blocks(blocks: tuple[Block, ...]) -> Iterator[Any]:
    for block in blocks:
        match block:
            case Paragraph(markup):
                yield from texts(markup)
            case Section(heading, _, body):
                yield {"section": heading, "body": list(_blocks(body))}
            case Callout(title, markup):
                yield {"callout": title, "text": texts(markup)}
            case Steps(items):
                yield {"steps": [item.title for item in items]}
            case Figure():
                alt = "" if block.alt == block.caption else block.alt
                yield _filled(figure=f"图{block.number} {block.caption}", source=block.source, alt=alt)
            case Table():
                cells = [[cell.text for cell in row] for row in (*block.head, *block.rows)]
                yield _filled(table=f"表{block.number} {block.caption}", cells=cells, note=block.note)
            case References(items):
                yield {"references": [_filled(**asdict(item)) for item in items]}


def texts(markup: str) -> list[str]:
    """The text of each paragraph and each list of a piece of HTML; lines and items end with a line break."""
    markup = re.sub(r"<br/>|</li>(?!</[ou]l>)", "\n", markup)
    parts = re.findall(r"<p>(.*?)</p>|<[ou]l>(.*?)</[ou]l>(?!</li>)", markup, re.DOTALL)
    return [html.unescape(re.sub(r"<[^<>]+>", "", one or other)) for one, other in parts]


def like(found: Any, wanted: Any) -> Any:
    """What was found, with texts cut to openings where `wanted` has one (`…`)."""
    if isinstance(wanted, str) and isinstance(found, str) and wanted.endswith("…"):
        return wanted if found.startswith(wanted[:-1]) else found
    if isinstance(wanted, dict) and isinstance(found, dict):
        return {key: like(value, wanted.get(key)) for key, value in found.items()}
    if isinstance(wanted, list) and isinstance(found, list):
        pairs = [like(one, other) for one, other in zip(found, wanted, strict=False)]
        return pairs + found[len(pairs) :]
    return found

"""Drafts as JSON, to compare with a stored one; and the words that a reader finds in a draft."""

from __future__ import annotations

import html
import re
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from exchange.importing.draft import (
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

DOCUMENTS = Path(__file__).parent / "documents"
LEFT_OUT = {
    NoteKind.NOT_ARTICLE,
    NoteKind.COMMENTS,
    NoteKind.RUBRIC,
    NoteKind.NUMBERS,
    NoteKind.PICTURE_UNCAPTIONED,
    NoteKind.MARKUP_DROPPED,
}
"""Notes that quote what is not in the document."""


def plain(value: Any) -> Any:
    """A draft as JSON data; each block says its type."""
    if isinstance(value, DraftArticle) or is_dataclass(value):
        fields = {key: plain(getattr(value, key)) for key in asdict(value)}
        kind = {"type": type(value).__name__} if type(value).__name__ in _TYPES else {}
        return kind | {key: inner for key, inner in fields.items() if inner not in ("", (), [], None, False)}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, str | int) or value is None else str(value)


_TYPES = {"Section", "Paragraph", "Steps", "Figure", "Table", "Callout", "References"}


def words(draft: DraftArticle) -> str:
    """What readers of the article, or of the report's quotes, can read; the summary is not counted."""
    said = [draft.title, str(draft.date or ""), draft.source_organisation, draft.source_url]
    said += [author.name for author in draft.byline]
    for block in draft.walk():
        match block:
            case Section(heading):
                said.append(heading)
            case Paragraph(markup):
                said.append(_text(markup))
            case Steps(items):
                said += [part for item in items for part in (item.title, _text(item.html))]
            case Figure():
                said += [f"图{block.number}", block.caption, block.alt, block.source, block.picture]
            case Table():
                cells = [cell.text for row in (*block.head, *block.rows) for cell in row]
                said += [f"表{block.number}", block.caption, block.note, *cells]
            case Callout(title, markup):
                said += [title, _text(markup)]
            case References(items):
                said += [f"[{number}] {item.text}" for number, item in enumerate(items, 1)]
    said += [note.text for note in draft.notes if note.kind in LEFT_OUT]
    return re.sub(r"\[(图|表):[ft](\d+)[^\]]*\]", r"\1\2", "\n".join(said))


def _text(markup: str) -> str:
    links = " ".join(unquote(link) for link in re.findall(r'href="([^"]*)"', markup))
    return html.unescape(f"{re.sub(r'<[^>]+>', '', markup)} {links}")

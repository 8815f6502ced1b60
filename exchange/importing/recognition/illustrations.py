"""Pairs captions with pictures and tables, and keeps the source's numbers true.

The CMS numbers figures in reading order. Where the source lost one (a caption that the scan swallowed, a
table that is not in the file), a placeholder takes its number, so that 图3 of the text stays 图3 of the
article. What carries no number and cannot be shown (a picture without caption whose file is missing) is left
out and reported.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from exchange.importing.draft import Cell, Figure, Row, Table
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Piece, Placed, join, text_of
from exchange.importing.recognition.captions import Kind
from exchange.importing.recognition.elements import CaptionLine, SourceLine, split
from exchange.importing.recognition.lost_numbers import recover
from exchange.importing.recognition.slots import Slot, pair
from exchange.importing.recognition.work import Words, Work

_SOURCE = re.compile(
    r"(?<=\S)\s{,4}[（(](?:图片|图表|图|表|资料|数据)?(?:来源|源自?|Source)\s{,4}[:：]\s{,4}([^（()）]{1,200})[)）]$|"
    r"(?<=[\s。.；;])(?:图片|图表|资料|数据)?(?:来源|Source)\s{,4}[:：]\s{,4}(\S[^（()）]{1,200})$"
)


def recognise(work: Work) -> None:
    """Find every figure and table; `work.keys` then names those that the text may refer to."""
    elements = split(work.pieces, work.readers)
    slots, used = pair(elements, work.notes)
    recover(slots, elements, work.notes, english=work.english)
    for slot in slots:
        _source_of_caption(slot)
    slots = [slot for slot in slots if _worth_showing(slot, work.has_picture, work.notes)]
    work.keys = _name(slots)
    at: dict[int, list[Slot]] = {}
    for slot in slots:
        at.setdefault(slot.position, []).append(slot)
    out: list[Piece] = []
    for index, element in enumerate(elements):
        out += [Placed(slot.line, _block(slot, work)) for slot in at.get(index, ())]
        if index not in used:
            out.append(_as_text(element) if isinstance(element, CaptionLine | SourceLine) else element)
    work.pieces = out


def _source_of_caption(slot: Slot) -> None:
    """`图1 袖带（来源：示例协会）`: the source leaves the caption."""
    if not slot.source:
        slot.caption, slot.source = _without_source(slot.caption)
    if not slot.source:
        slot.english, slot.source = _without_source(slot.english)


def _without_source(caption: str) -> tuple[str, str]:
    found = _SOURCE.search(caption)
    return (caption[: found.start()].strip(), (found[1] or found[2]).strip()) if found else (caption, "")


def _worth_showing(slot: Slot, has_picture: Callable[[str], bool], notes: list[Note]) -> bool:
    if slot.kind == "表" or slot.number is not None or slot.caption or slot.source:
        return True
    image = slot.image
    if image and (image.alt or image.title or has_picture(image.src)):
        return True
    notes.append(Note(NoteKind.PICTURE_UNCAPTIONED, image.src if image else "", slot.line))
    return False


def _name(slots: list[Slot]) -> dict[tuple[Kind, int], str]:
    keys: dict[tuple[Kind, int], str] = {}
    for index, slot in enumerate(slots, 1):
        letter = "f" if slot.kind == "图" else "t"
        if slot.number is None:
            slot.key = f"{letter}x{index}"
        elif (slot.kind, slot.number) in keys:
            slot.key = f"{letter}{slot.number}-{index}"
        else:
            slot.key = keys[slot.kind, slot.number] = f"{letter}{slot.number}"
    return keys


def _block(slot: Slot, work: Work) -> Figure | Table:
    caption = f"{slot.caption} {slot.english}".strip()
    if slot.kind == "表":
        return _table(slot, caption, work.words, work.notes)
    image = slot.image
    src = image.src if image else ""
    missing = not (src and work.has_picture(src))
    if image and image.title not in caption:
        caption = f"{caption} {image.title}".strip()
    if missing and not caption and not (image and image.alt):
        caption = work.words.no_caption
    if missing and not slot.placeholder:
        work.notes.append(Note(NoteKind.PICTURE_MISSING, src or caption[:80], slot.line))
    alt = (image.alt if image else "") or slot.caption or caption
    return Figure(slot.key, slot.number, caption, alt, slot.source, src, slot.placeholder)


def _table(slot: Slot, caption: str, words: Words, notes: list[Note]) -> Table:
    if not slot.grids:
        if not slot.placeholder:
            notes.append(Note(NoteKind.TABLE_ABSENT, f"表{slot.number} {caption}"[:80], slot.line))
        empty = ((Cell(words.no_table),),)
        return Table(
            slot.key, slot.number, caption or words.no_caption, rows=empty, note=slot.source, placeholder=True
        )
    rows: tuple[Row, ...] = sum((grid.rows for grid in slot.grids), ())
    if any(grid.broken for grid in slot.grids):
        notes.append(Note(NoteKind.TABLE_BROKEN, caption[:80], slot.line))
    heads = leading_heads(slot.grids[0].rows, slot.grids[0].head)
    note = join([*(grid.note for grid in slot.grids), slot.source])
    return Table(slot.key, slot.number, caption, rows[:heads], rows[heads:], note)


def leading_heads(rows: tuple[Row, ...], marked: int | None) -> int:
    """How many rows head a table: those marked, else the first row with the rows its spans reach into."""
    if not rows or len(rows) == 1:
        return 0
    if marked:
        return min(marked, len(rows) - 1)
    tall = max((cell.rowspan for cell in rows[0]), default=1)
    level = max(1, min(tall, 3))
    return min(level, len(rows) - 1)


def _as_text(element: CaptionLine | SourceLine) -> Piece:
    return text_of(element.line, element.original, html.escape(element.original, quote=False))
